// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.machine.NmRatio;
import java.util.Arrays;

/**
 * A matrix of integer codes as a sparse chain stores it: of each M neighbours N codes in ascending order of columns, and of each its place
 * among the M in log2 M bits. Places that are not taken up by codes other than 0 are filled with zeros, so that there always are N.
 */
public final class NmRows {
    private final NmRatio ratio;
    private final int cols;
    private final int blocks;
    private final byte[] codes;
    private final byte[] places;

    /**
     * Encodes a matrix.
     *
     * @param codes [rows][cols]; a last block of fewer than M columns counts as filled up with zeros
     * @throws IllegalArgumentException naming the row and columns where more than N of M codes are not 0
     */
    public NmRows(NmRatio ratio, byte[][] codes) {
        this.ratio = ratio;
        cols = codes[0].length;
        blocks = (cols + ratio.m() - 1) / ratio.m();
        this.codes = new byte[Math.multiplyExact(codes.length, blocks * ratio.n())];
        places = new byte[this.codes.length];
        for (int r = 0; r < codes.length; r++) {
            for (int b = 0; b < blocks; b++) {
                encode(codes[r], r, b);
            }
        }
    }

    private void encode(byte[] row, int r, int b) {
        int m = ratio.m();
        boolean[] kept = new boolean[m];
        int left = ratio.n();
        for (int i = 0; i < m; i++) {
            if (b * m + i < cols && row[b * m + i] != 0) {
                kept[i] = true;
                left--;
            }
        }
        if (left < 0) {
            throw new IllegalArgumentException("row " + r + ", columns " + b * m + " to " + (b * m + m - 1) + ": "
                    + (ratio.n() - left) + " weights are not 0, " + ratio + " has room for " + ratio.n());
        }
        for (int i = 0; left > 0; i++) {
            if (!kept[i]) {
                kept[i] = true;
                left--;
            }
        }
        int at = (r * blocks + b) * ratio.n();
        for (int i = 0; i < m; i++) {
            if (kept[i]) {
                codes[at] = b * m + i < cols ? row[b * m + i] : 0;
                places[at++] = (byte) i;
            }
        }
    }

    /** Product of a row with activations: of every stored code with the activation it points to. */
    public long dot(int row, byte[] activations) {
        long sum = 0;
        for (int i = 0; i < blocks * ratio.n(); i++) {
            int at = row * blocks * ratio.n() + i;
            int column = i / ratio.n() * ratio.m() + places[at];
            sum += column < cols ? (long) codes[at] * activations[column] : 0;
        }
        return sum;
    }

    /** Row as it was. */
    public byte[] row(int row) {
        byte[] all = new byte[blocks * ratio.m()];
        for (int i = 0; i < blocks * ratio.n(); i++) {
            int at = row * blocks * ratio.n() + i;
            all[i / ratio.n() * ratio.m() + places[at]] = codes[at];
        }
        return Arrays.copyOf(all, cols);
    }

    /** Bits per weight of the dense matrix, with codes of so many bits: codes and indices, without scales. */
    public static double bitsPerWeight(NmRatio ratio, int codeBits) {
        int indexBits = ratio.n() == ratio.m() ? 0 : Integer.numberOfTrailingZeros(ratio.m());
        return (double) ratio.n() / ratio.m() * (codeBits + indexBits);
    }

    /** Bits per weight with a bitmap of the M places instead of indices. */
    public static double bitsPerWeightWithBitmap(NmRatio ratio, int codeBits) {
        return (double) ratio.n() / ratio.m() * codeBits + (ratio.n() == ratio.m() ? 0 : 1);
    }

    /** The greatest N of M that takes fewer bits than dense, or 0: N (codeBits + log2 M) {@literal <} M codeBits. */
    public static int breakEven(int m, int codeBits) {
        int n = m;
        while (n > 0 && (long) n * (codeBits + Integer.numberOfTrailingZeros(m)) >= (long) m * codeBits) {
            n /= 2;
        }
        return n;
    }
}
