// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import java.util.ArrayList;
import java.util.List;

/**
 * The 13 entries of a native ternary table and its zero (LUT Tensor Core, arXiv 2408.06003, section 5; TL2 of bitnet.cpp): the weights of three
 * activations, up to their sign. A code of 5 bits for three weights is an index below 14 and, as its top bit, a sign.
 *
 * <pre>
 *   0: 0 0 0     1: + 0 0     2: + + 0     3: 0 + 0     4: - + 0
 *   5: - + +     6: 0 + +     7: + + +     8: + 0 +     9: 0 0 +    10: - 0 +    11: - - +    12: 0 - +    13: + - +
 * </pre>
 *
 * <p>Each entry differs from the one before by one activation, added or taken away once, so that a table is written by one adder.
 */
public final class TernaryTable {

    /** Activations of a table. */
    public static final int G = 3;

    /** Bits of an index. */
    public static final int INDEX_BITS = 4;

    private static final List<List<Integer>> VECTORS = vectors();

    private TernaryTable() {}

    /** Entries, the zero among them. */
    public static int entries() {
        return VECTORS.size();
    }

    /** The weights, -1, 0 or +1, that an entry is the sum for. */
    static List<Integer> vector(int entry) {
        return VECTORS.get(entry);
    }

    /**
     * Index and sign of three weights.
     *
     * @param weights -1, 0 or +1 each
     * @return the index, or {@code ~index} where the entry has to be taken away
     */
    public static int code(List<Integer> weights) {
        int plus = VECTORS.indexOf(weights);
        return plus >= 0 ? plus : ~VECTORS.indexOf(weights.stream().map(w -> -w).toList());
    }

    /** Zero, then for each activation all sums that have it with + and none after it, along a path that turns at every end. */
    private static List<List<Integer>> vectors() {
        var path = new ArrayList<List<Integer>>();
        int[] at = new int[G];
        path.add(List.of(0, 0, 0));
        for (int last = 0; last < G; last++) {
            at[last] = 1;
            walk(at, last, path);
        }
        return List.copyOf(path);
    }

    /** Visits all values of the first activations, from where they stand (an end, or all zero for none) to the opposite end. */
    private static void walk(int[] at, int dimensions, List<List<Integer>> path) {
        if (dimensions == 0) {
            path.add(List.of(at[0], at[1], at[2]));
            return;
        }
        int d = dimensions - 1;
        int step = -at[d];
        for (int i = 0; i < 3; i++) {
            if (i > 0) at[d] += step;
            walk(at, d, path);
        }
    }
}
