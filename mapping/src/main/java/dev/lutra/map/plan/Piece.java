// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.plan;

/**
 * What one MX instruction computes: its scales, then its weights, lie together in the weight image, in the order of the
 * pieces.
 *
 * @param firstBlock first block of n output columns
 * @param blocks blocks
 * @param firstStep first step of the reduction, or of the list of stored ones
 * @param steps steps
 */
public record Piece(int firstBlock, int blocks, int firstStep, int steps) {}
