// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides how a {@link Design} is computed: which values are stored and where, which are recomputed in place, the order, and
 * how it is cut into methods.
 *
 * <p>The state is one {@code int[]} (values of up to 32 bits, in canonical form: sign- or zero-extended) and one
 * {@code long[]} (one word up to 64 bits, several above, the least significant first). A cycle has two halves. <em>Settle</em>
 * computes every stored combinational value. <em>Edge</em> updates the registers in place.
 */
final class Plan {
    private final Design design;
    private final Needs needs;
    private final Places places;
    private final List<Step.Chunk> settle;
    private final List<Step.Chunk> edge;

    private Plan(Design design, Needs needs, Places places, List<Step> settling, int chunkBytes) {
        this.design = design;
        this.needs = needs;
        this.places = places;
        var chunker = new Chunker(needs, chunkBytes);
        settle = chunker.cut(settling);
        chooseLocals();
        edge = chunker.cut(EdgeOrder.of(design, needs, places));
    }

    static Plan of(Design design, int chunkBytes) {
        Set<List<Value>> refused = new HashSet<>();
        while (true) {
            var needs = new Needs(design, LaneFinder.find(design, refused));
            var places = new Places(design, needs);
            var order = new SettleOrder(design, needs, places);
            if (!refused.addAll(order.circles())) {
                return new Plan(design, needs, places, order.steps(), chunkBytes);
            }
        }
    }

    Design design() {
        return design;
    }

    Needs needs() {
        return needs;
    }

    Places places() {
        return places;
    }

    List<Step.Chunk> settle() {
        return settle;
    }

    List<Step.Chunk> edge() {
        return edge;
    }

    /** First slot of a value, or -1 if it lives in no slot. */
    int slot(Value v) {
        return places.slot(v);
    }

    /** Whether a value is computed once and then fetched. */
    boolean isStored(Value v) {
        return v.op == Op.SOURCE || needs.isStored(v);
    }

    /** A stored value lives in a local variable if only its own method needs it. */
    private void chooseLocals() {
        int[] chunkOf = new int[design.graph().values().size()];
        Arrays.fill(chunkOf, -1);
        for (int c = 0; c < settle.size(); c++) {
            for (Step step : settle.get(c).steps()) {
                if (step instanceof Step.Define define) {
                    chunkOf[define.value().id] = c;
                }
            }
        }
        for (int c = 0; c < settle.size(); c++) {
            int here = c;
            for (Step step : settle.get(c).steps()) {
                visitFetched(step, v -> {
                    if (needs.isStored(v) && chunkOf[v.id] != here) {
                        needs.pinStored(v);
                    }
                });
            }
        }
        for (Design.Register register : design.registers()) {
            if (register.next() != register.value() && !needs.lanes().updates(register)) {
                visitFetched(register.next(), true, needs::pinStored);
            }
        }
        for (LaneFinder.Group group : needs.lanes().groups()) {
            visitFetched(group.next(), needs::pinStored);
        }
        for (Design.Store store : design.memories()) {
            for (Design.Write write : store.writes) {
                for (Value operand : Needs.operands(write)) {
                    visitFetched(operand, true, needs::pinStored);
                }
            }
        }
        for (Value v : design.graph().values()) {
            if (needs.isStored(v) && needs.isPinned(v) && places.slot(v) < 0) {
                places.place(v);
            }
        }
    }

    private void visitFetched(Step step, Visitor visitor) {
        if (step instanceof Step.Define define) {
            visitFetched(define.value(), false, visitor);
        } else if (step instanceof Step.Copy copy) {
            visitFetched(copy.element(), true, visitor);
        } else if (step instanceof Step.DefineLanes define) {
            visitFetched(define.lanes(), visitor);
        }
    }

    /** Visits what a loop fetches from outside of it; gathered values have slots anyway. */
    private void visitFetched(Lanes lanes, Visitor visitor) {
        needs.lanes().visitFetched(lanes, fetched -> {
            if (fetched.kind == Lanes.Kind.SAME) {
                visitFetched(fetched.first(), true, visitor);
            }
        });
    }

    private interface Visitor {
        void visit(Value v);
    }

    /** Visits the stored values and sources that the code of a value fetches; the value itself if it is one and asked for. */
    private void visitFetched(Value root, boolean includeRoot, Visitor visitor) {
        if (includeRoot && (needs.isStored(root) || root.op == Op.SOURCE)) {
            visitor.visit(root);
            return;
        }
        var stack = new ArrayDeque<Value>();
        stack.push(root);
        while (!stack.isEmpty()) {
            for (Value operand : stack.pop().in) {
                if (needs.isStored(operand) || operand.op == Op.SOURCE) {
                    visitor.visit(operand);
                } else if (operand.op == Op.BLOCK) {
                    for (Value element : operand.in) {
                        if (!element.isConst()) {
                            visitor.visit(element);
                        }
                    }
                } else {
                    stack.push(operand);
                }
            }
        }
    }
}
