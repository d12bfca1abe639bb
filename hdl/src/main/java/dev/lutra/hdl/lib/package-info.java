// SPDX-License-Identifier: Apache-2.0
/** Hardware that most designs need: ways from one clock to another. */
@NullMarked
package dev.lutra.hdl.lib;

import org.jspecify.annotations.NullMarked;
