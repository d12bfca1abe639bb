// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.machine.NmRatio;

/**
 * Where weights go in a slot of a chain. Row s of the {@code M/N} rows has groups {@code s B N/M} and following of the B groups; DSP block
 * {@code j} of group e = j / u takes of its block {@code b = j mod u} of activations the weight that is kept in place {@code q = e mod (B N/M)}:
 * of the M neighbours {@code q / N} the one that is number {@code q mod N} among the kept ones.
 *
 * @param weights of each DSP block
 * @param indices of each DSP block, place among its M neighbours; ascending, so that rows which share a mask share them
 */
public record ChainWeights(byte[] weights, byte[] indices) {

    /**
     * Lays rows out for one slot.
     *
     * @param block B, the greatest M of the chain
     * @param rows [M/N][length]: at most N of each M neighbours are not 0
     * @param kept [M/N][length]: the N places of each M neighbours that are stored, by rows that share indices the same
     * @throws IllegalArgumentException if not N of M neighbours are kept, or a weight that is not kept is not 0
     */
    public static ChainWeights of(NmRatio ratio, int block, byte[][] rows, boolean[][] kept) {
        int length = rows[0].length;
        int perGroup = length / block;
        int places = block / ratio.rows();
        if (rows.length != ratio.rows()) {
            throw new IllegalArgumentException(rows.length + " rows for " + ratio);
        }
        byte[] weights = new byte[length];
        byte[] indices = new byte[length];
        for (int s = 0; s < rows.length; s++) {
            for (int b = 0; b < perGroup; b++) {
                for (int first = 0; first < block; first += ratio.m()) {
                    int number = 0;
                    for (int i = 0; i < ratio.m(); i++) {
                        int column = b * block + first + i;
                        if (!kept[s][column]) {
                            if (rows[s][column] != 0) {
                                throw new IllegalArgumentException(
                                        "weight " + rows[s][column] + " of column " + column + " is not kept");
                            }
                            continue;
                        }
                        if (number == ratio.n()) {
                            throw new IllegalArgumentException("more than " + ratio + " kept at column " + column);
                        }
                        int place = first / ratio.m() * ratio.n() + number++;
                        int j = (s * places + place) * perGroup + b;
                        weights[j] = rows[s][column];
                        indices[j] = (byte) i;
                    }
                    if (number < ratio.n()) {
                        throw new IllegalArgumentException(
                                "fewer than " + ratio + " kept at column " + (b * block + first));
                    }
                }
            }
        }
        return new ChainWeights(weights, indices);
    }
}
