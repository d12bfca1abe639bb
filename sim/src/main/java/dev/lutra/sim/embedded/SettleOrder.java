// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order in which stored combinational values are computed: operands before users. Lanes are computed all at once; that
 * need not be possible, since one lane may depend on another.
 */
final class SettleOrder {
    private static final int MOVES_PER_STEP = 64;

    private final Needs needs;
    private final Places places;
    private final List<Step> steps = new ArrayList<>();
    private final Set<List<Value>> circles = new HashSet<>();

    /** Something to compute: a stored {@link Value}, a block or {@link Lanes}; true when it is done, false while its operands are. */
    private final Map<Object, Boolean> done = new HashMap<>();

    private record Visit(Object node, Iterator<Object> operands) {}

    SettleOrder(Design design, Needs needs, Places places) {
        this.needs = needs;
        this.places = places;
        for (Value v : design.graph().values()) {
            if (needs.isLive(v)) {
                nodes(v).forEach(this::visit);
            }
        }
        needs.lanes().operations().stream().filter(needs.lanes()::isStored).forEach(this::visit);
        needs.lanes().staged().forEach(this::visit);
    }

    List<Step> steps() {
        return steps;
    }

    /** Lanes that depend on each other in a circle; if there are any, the steps mean nothing. */
    Set<List<Value>> circles() {
        return circles;
    }

    private void visit(Object root) {
        if (done.containsKey(root)) {
            return;
        }
        Deque<Visit> path = new ArrayDeque<>();
        enter(root, path);
        while (!path.isEmpty()) {
            Visit top = path.peek();
            if (!top.operands().hasNext()) {
                path.pop();
                done.put(top.node(), true);
                compute(top.node());
                continue;
            }
            Object operand = top.operands().next();
            Boolean state = done.get(operand);
            if (state == null) {
                enter(operand, path);
            } else if (!state) {
                refuse(operand, path);
            }
        }
    }

    private void enter(Object node, Deque<Visit> path) {
        done.put(node, false);
        path.push(new Visit(node, operands(node).iterator()));
    }

    /** Notes the lanes of a circle that goes from the end of a path back to one of its nodes. */
    private void refuse(Object first, Deque<Visit> path) {
        for (Visit visit : path) {
            if (visit.node() instanceof Lanes lanes && lanes.kind == Lanes.Kind.OPERATION) {
                circles.add(List.of(lanes.members));
            }
            if (visit.node() == first) {
                return;
            }
        }
    }

    private List<Object> operands(Object node) {
        if (node instanceof Value v) {
            return nodes(v.in);
        }
        Lanes lanes = (Lanes) node;
        if (lanes.kind == Lanes.Kind.GATHER) {
            return nodes(lanes.members);
        }
        var operands = new ArrayList<>();
        needs.lanes().visitFetched(lanes, fetched -> {
            if (fetched.kind == Lanes.Kind.OPERATION || needs.lanes().isStaged(fetched)) {
                operands.add(fetched);
            } else if (fetched.kind == Lanes.Kind.SAME) {
                operands.addAll(nodes(fetched.first()));
            } else {
                operands.addAll(nodes(fetched.members));
            }
        });
        return operands;
    }

    /** What must be computed before values can be fetched or computed in place. */
    private List<Object> nodes(Value... roots) {
        var nodes = new ArrayList<>();
        Deque<Value> stack = new ArrayDeque<>(List.of(roots));
        while (!stack.isEmpty()) {
            Value v = stack.pop();
            Lanes home = needs.home(v);
            if (home != null) {
                nodes.add(home);
            } else if (needs.isStored(v) || v.op == Op.BLOCK) {
                nodes.add(v);
            } else {
                for (Value operand : v.in) {
                    stack.push(operand);
                }
            }
        }
        return nodes;
    }

    private void compute(Object node) {
        if (node instanceof Value v) {
            if (v.op == Op.BLOCK) {
                fill(v);
            } else {
                define(v);
            }
        } else if (node instanceof Lanes lanes) {
            if (lanes.kind == Lanes.Kind.OPERATION) {
                steps.add(new Step.DefineLanes(lanes));
            } else {
                gather(lanes);
            }
        }
    }

    private void gather(Lanes lanes) {
        List<Moves.Move> moves = Moves.of(lanes, places.slot(lanes), places);
        for (int i = 0; i < moves.size(); i += MOVES_PER_STEP) {
            steps.add(new Step.Gather(lanes, moves.subList(i, Math.min(moves.size(), i + MOVES_PER_STEP))));
        }
    }

    private void fill(Value block) {
        if (places.table(block) >= 0) {
            return;
        }
        Places.Block place = places.block(block);
        for (int i = 0; i < block.in.length; i++) {
            Value element = block.in[i];
            int slot = place.slot() + i * place.stride();
            if (!element.isConst() && places.slot(element) != slot) {
                steps.add(new Step.Copy(element, slot));
            }
        }
    }

    private void define(Value v) {
        int words = v.isWide() ? v.words() : 1;
        boolean splits = v.isWide() && v.op == Op.CONCAT && needs.cost(v) > Needs.INLINE_WIDE_BYTES;
        int step = splits ? Math.max(1, words * Needs.INLINE_WIDE_BYTES / needs.cost(v)) : words;
        for (int from = 0; from < words; from += step) {
            steps.add(new Step.Define(v, from, Math.min(words, from + step)));
        }
    }
}
