// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import java.util.List;

/**
 * What the host writes before a start.
 *
 * @param entry instruction index
 * @param layer multiplies the layer strides
 * @param lengths LEN1..LEN3
 * @param bases BASE0..BASE3, byte addresses
 */
public record RunArguments(int entry, int layer, List<Integer> lengths, List<Long> bases) {
    /** Base arguments. */
    public static final int BASES = 4;

    /** Throws IllegalArgumentException if there are not three lengths and four bases. */
    public RunArguments {
        if (lengths.size() != 3 || bases.size() != BASES) {
            throw new IllegalArgumentException(lengths + " and " + bases);
        }
        lengths = List.copyOf(lengths);
        bases = List.copyOf(bases);
    }

    /** A region of linear layers: LEN1 chunks of rows, weight image, activations, results. */
    public static RunArguments region(int entry, int layer, int chunks, long image, long activations, long results) {
        return new RunArguments(entry, layer, List.of(chunks, 0, 0), List.of(image, activations, results, 0L));
    }

    /** The same of a region with sparse rows, whose sums go to BASE3. */
    public static RunArguments region(
            int entry, int layer, int chunks, long image, long activations, long results, long sums) {
        return new RunArguments(entry, layer, List.of(chunks, 0, 0), List.of(image, activations, results, sums));
    }

    /**
     * Steps: LAYER 0, LEN1 positions before the first, LEN2 steps, LEN3 the first token.
     *
     * @param scales BASE1: those of the cache, a line of scales further for each position before the first
     * @param record BASE3: the cache, a line further for each position before the first
     */
    public static RunArguments steps(
            int entry, int position, int steps, int token, long image, long scales, long results, long record) {
        return new RunArguments(entry, 0, List.of(position, steps, token), List.of(image, scales, results, record));
    }

    /** A region whose matrix the host gives: LEN1 chunks of rows, activations, results, matrix. */
    public static RunArguments given(int entry, int chunks, long activations, long results, long matrix) {
        return new RunArguments(entry, 0, List.of(chunks, 0, 0), List.of(0L, activations, results, matrix));
    }
}
