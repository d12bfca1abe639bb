// SPDX-License-Identifier: Apache-2.0
/** The lutra command. */
@NullMarked
package dev.lutra.cli;

import org.jspecify.annotations.NullMarked;
