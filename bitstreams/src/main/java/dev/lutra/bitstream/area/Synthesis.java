// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

/**
 * What synthesis made of a design.
 *
 * @param area in the unit of the target, the registers included on {@link AreaTarget#CELLS}
 * @param flipFlops registers; on LUT6 fabric a LUT comes with two, which the area does not count
 * @param multipliers DSP blocks
 * @param pathPs worst path inside a module, cells only, no wires
 */
public record Synthesis(double area, long flipFlops, long multipliers, double pathPs) {}
