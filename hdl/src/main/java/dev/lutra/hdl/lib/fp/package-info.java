// SPDX-License-Identifier: Apache-2.0
/**
 * Floating point as IEEE 754-2019 has it: hardware units for any format up to binary32, and the functional model they equal to the bit.
 *
 * <p>Round to nearest, ties to even. Subnormal numbers are kept. Results that are no number are one quiet NaN, {@link
 * dev.lutra.hdl.lib.fp.FloatFormat#nan}; payloads and signs of NaN operands are not handed on. There are no flags and no traps. A unit takes new
 * operands in every cycle and gives the result {@code stages} cycles later; 0 is combinational. Nothing waits.
 */
@NullMarked
package dev.lutra.hdl.lib.fp;

import org.jspecify.annotations.NullMarked;
