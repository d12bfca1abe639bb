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
    /** Throws IllegalArgumentException if there are not three lengths and four bases. */
    public RunArguments {
        if (lengths.size() != 3 || bases.size() != 4) {
            throw new IllegalArgumentException(lengths + " and " + bases);
        }
        lengths = List.copyOf(lengths);
        bases = List.copyOf(bases);
    }

    /** A region of linear layers: LEN1 chunks of rows, weight image, activations, results. */
    public static RunArguments region(int entry, int layer, int chunks, long image, long activations, long results) {
        return new RunArguments(entry, layer, List.of(chunks, 0, 0), List.of(image, activations, results, 0L));
    }

    /** A region whose matrix the host gives: LEN1 chunks of rows, activations, results, matrix. */
    public static RunArguments given(int entry, int chunks, long activations, long results, long matrix) {
        return new RunArguments(entry, 0, List.of(chunks, 0, 0), List.of(0L, activations, results, matrix));
    }
}
