// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds tables written as trees of two-way multiplexers, bit 0 of the index deciding at the leaves: one access to memory
 * instead of many decisions. Only of elements that are there anyway.
 */
final class MuxTree {
    private static final int MAX_BITS = 12;

    private final Graph graph;

    MuxTree(Graph graph) {
        this.graph = graph;
    }

    /** The same as a multiplexer, by a table of at least four elements; null: it is not the root of such a tree. */
    @Nullable
    Value table(Value cond, Value t, Value f) {
        Value index = Graph.sliced(cond);
        if (index == null || t.isWide()) {
            return null;
        }
        int top = Graph.lowBit(cond);
        int bits = bits(f, index, top);
        var elements = new ArrayList<Value>();
        boolean found = bits > 0
                && bits < MAX_BITS
                && collect(f, index, top, bits, elements)
                && collect(t, index, top, bits, elements)
                && elements.stream().allMatch(e -> e.op == Op.SOURCE || e.isConst());
        return found ? graph.element(graph.slice(index, top - bits, bits + 1), elements) : null;
    }

    /** By how many bits of an index below {@code top} a value chooses. */
    private static int bits(Value v, Value index, int top) {
        if (chooses(v, index, top)) {
            return 1 + bits(v.in[2], index, top - 1);
        }
        return looksUp(v, index, top) ? v.in[0].width : 0;
    }

    private static boolean chooses(Value v, Value index, int top) {
        return v.op == Op.MUX && Graph.sliced(v.in[0]) == index && Graph.lowBit(v.in[0]) == top - 1;
    }

    private static boolean looksUp(Value v, Value index, int top) {
        Value used = v.op == Op.SELECT ? v.in[0] : v;
        return used != v
                && Graph.sliced(used) == index
                && Graph.lowBit(used) + used.width == top
                && v.in[1].in.length == 1 << used.width;
    }

    /** Adds the elements among which so many bits of an index below {@code top} choose. */
    private static boolean collect(Value v, Value index, int top, int bits, List<Value> elements) {
        if (bits == 0) {
            return elements.add(v);
        }
        if (chooses(v, index, top)) {
            return collect(v.in[2], index, top - 1, bits - 1, elements)
                    && collect(v.in[1], index, top - 1, bits - 1, elements);
        }
        return looksUp(v, index, top) && v.in[0].width == bits && elements.addAll(List.of(v.in[1].in));
    }
}
