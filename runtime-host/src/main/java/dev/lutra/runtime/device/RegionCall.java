// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import java.util.List;

/**
 * The arguments of one region: what changes from start to start.
 *
 * @param entry instruction index of its first instruction
 * @param layer decoder layer, 0..255
 * @param lengths run-time lengths LEN1, LEN2, LEN3, 0..65535 each
 * @param bases base addresses BASE0..BASE3, bytes
 */
public record RegionCall(int entry, int layer, List<Integer> lengths, List<Long> bases) {

    public RegionCall {
        lengths = List.copyOf(lengths);
        bases = List.copyOf(bases);
        if (lengths.size() > 3 || bases.size() > 4) {
            throw new IllegalArgumentException("a region has at most 3 lengths and 4 bases");
        }
        if (layer < 0 || layer > 0xFF) {
            throw new IllegalArgumentException("layer " + layer + " is not in 0..255");
        }
        for (int length : lengths) {
            if (length < 0 || length > 0xFFFF) {
                throw new IllegalArgumentException("run-time length " + length + " is not in 0..65535");
            }
        }
    }
}
