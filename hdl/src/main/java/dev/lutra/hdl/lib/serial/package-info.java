// SPDX-License-Identifier: Apache-2.0
/** Serial lines. */
@NullMarked
package dev.lutra.hdl.lib.serial;

import org.jspecify.annotations.NullMarked;
