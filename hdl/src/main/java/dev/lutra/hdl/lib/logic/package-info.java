// SPDX-License-Identifier: Apache-2.0
/** Counters, shift registers, encoders. */
@NullMarked
package dev.lutra.hdl.lib.logic;

import org.jspecify.annotations.NullMarked;
