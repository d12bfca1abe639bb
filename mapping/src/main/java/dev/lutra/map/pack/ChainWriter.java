// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.pack;

import dev.lutra.machine.ChainLayout;
import dev.lutra.machine.NmRatio;

/** Writes weight words of chains and their lines of indices ({@link ChainLayout}). */
final class ChainWriter {
    private final ChainLayout layout;
    private final NmRatio kept;
    private final int bits;

    ChainWriter(ChainLayout layout, NmRatio kept, int bits) {
        this.layout = layout;
        this.kept = kept;
        this.bits = bits;
    }

    /**
     * Writes the word of a pass.
     *
     * @param codes [column][k]: of each M neighbours of a unit's columns at most N are not 0 in all of them
     * @param first k of the step's first element
     * @param into all zero from byte {@code at} on, as long as a word
     */
    void weights(int[][] codes, int first, int pass, byte[] into, int at) {
        for (int chain = 0; chain < layout.chains(); chain++) {
            for (int j = 0; j < layout.length(); j++) {
                int column = column(chain, pass, j);
                int k = first + layout.activation(kept, j, index(codes, column, first, j));
                for (int i = 0; i < layout.width(); i++) {
                    put(
                            codes[column + i][k],
                            bits,
                            into,
                            8 * at + bits * ((chain * layout.length() + j) * layout.width() + i));
                }
            }
        }
    }

    /** Writes the line of indices of a pass; as above. */
    void indices(int[][] codes, int first, int pass, byte[] into, int at) {
        int size = layout.indexBits();
        for (int chain = 0; chain < layout.chains(); chain++) {
            for (int j = 0; j < layout.length(); j++) {
                int index = index(codes, column(chain, pass, j), first, j);
                put(index, size, into, 8 * at + size * (chain * layout.length() + j));
            }
        }
    }

    /** The first column of the unit of a place. */
    private int column(int chain, int pass, int j) {
        return (chain * layout.block() + layout.unit(kept, pass, j)) * layout.width();
    }

    /**
     * The place among the M neighbours of the weight that is stored as number {@code j mod N} of them: those that are not 0 and, until there are N,
     * the first ones that are, in ascending order.
     */
    private int index(int[][] codes, int column, int first, int j) {
        int from = first + layout.activation(kept, j, 0);
        int number = j / (layout.length() / layout.block()) % kept.n();
        int spare = kept.n();
        for (int i = 0; i < kept.m(); i++) {
            spare -= used(codes, column, from + i) ? 1 : 0;
        }
        if (spare < 0) {
            throw new IllegalArgumentException("columns %d to %d, k %d to %d: %d weights are not 0, %s has room for %d"
                    .formatted(
                            column,
                            column + layout.width() - 1,
                            from,
                            from + kept.m() - 1,
                            kept.n() - spare,
                            kept,
                            kept.n()));
        }
        for (int i = 0; i < kept.m(); i++) {
            boolean stored = used(codes, column, from + i) || spare-- > 0;
            if (stored && number-- == 0) {
                return i;
            }
        }
        throw new IllegalStateException("fewer than N of M are stored");
    }

    private boolean used(int[][] codes, int column, int k) {
        for (int i = 0; i < layout.width(); i++) {
            if (codes[column + i][k] != 0) {
                return true;
            }
        }
        return false;
    }

    private static void put(int value, int width, byte[] into, int bit) {
        for (int i = 0; i < width; i++) {
            into[(bit + i) / 8] |= (byte) ((value >> i & 1) << (bit + i) % 8);
        }
    }
}
