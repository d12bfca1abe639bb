// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which lanes a design computes in loops, which of them it stores, and which gathered lanes must lie side by side first. */
final class LaneNeeds {
    /** Lanes used once are computed in the loop that uses them, up to so many bytes of code. */
    private static final int INLINE_BYTES = 200;
    /** More lanes than this are gathered before they are moved, in steps of a bounded length. */
    private static final int MAX_MOVED = 64;

    private final List<LaneFinder.Group> groups;
    private final Map<Lanes, Integer> uses = new IdentityHashMap<>();
    /** Operands before users. */
    private final List<Lanes> operations = new ArrayList<>();
    /** Values that loops use as they are, once for each use. */
    private final List<Value> needed = new ArrayList<>();

    private final Set<Value> gathered = new LinkedHashSet<>();
    private final Set<Lanes> stored = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Lanes> staged = new LinkedHashSet<>();
    private final Map<Value, LaneFinder.Group> groupOf = new HashMap<>();

    LaneNeeds(List<LaneFinder.Group> groups) {
        this.groups = groups;
        for (LaneFinder.Group group : groups) {
            use(group.next());
            group.registers().forEach(register -> groupOf.put(register.value(), group));
        }
    }

    List<LaneFinder.Group> groups() {
        return groups;
    }

    /** All lanes that loops compute, operands before users. */
    List<Lanes> operations() {
        return operations;
    }

    /** Values that loops use, with repetitions. */
    List<Value> needed() {
        return needed;
    }

    /** Values that loops gather: each must have a slot. */
    Collection<Value> gathered() {
        return gathered;
    }

    /** Gathered lanes that a loop fetches. */
    Collection<Lanes> staged() {
        return staged;
    }

    boolean isStaged(Lanes lanes) {
        return staged.contains(lanes);
    }

    /** Whether a loop computes the next value of a register. */
    boolean updates(Design.Register register) {
        return groupOf.containsKey(register.value());
    }

    /** Says that somebody else needs a member of lanes. */
    void store(Lanes lanes) {
        stored.add(lanes);
    }

    boolean isStored(Lanes lanes) {
        return stored.contains(lanes);
    }

    /** Whether these lanes decide once for all lanes between two others, so that the decision can be made outside of the loop. */
    boolean branches(Lanes lanes) {
        return lanes.kind == Lanes.Kind.OPERATION && lanes.first().op == Op.MUX && lanes.in[0].kind == Lanes.Kind.SAME;
    }

    private void use(Lanes lanes) {
        boolean seen = uses.merge(lanes, 1, Integer::sum) > 1;
        switch (lanes.kind) {
            case SAME -> {
                if (!lanes.first().isConst()) {
                    needed.add(lanes.first());
                }
            }
            case GATHER -> {
                for (Value member : lanes.members) {
                    if (!member.isConst()) {
                        gathered.add(member);
                    }
                }
            }
            case BLOCKS -> needed.addAll(new LinkedHashSet<>(List.of(lanes.members)));
            case OPERATION -> {
                if (!seen) {
                    for (Lanes operand : lanes.in) {
                        use(operand);
                    }
                    operations.add(lanes);
                }
            }
        }
    }

    /** Decides what is stored, once all other users have said what they need. */
    void decide() {
        var cost = new IdentityHashMap<Lanes, Integer>();
        var nexts = Collections.<Lanes>newSetFromMap(new IdentityHashMap<>());
        groups.forEach(group -> nexts.add(group.next()));
        for (Lanes lanes : operations) {
            int bytes = 12;
            for (Lanes operand : lanes.in) {
                bytes += stored.contains(operand) ? Needs.LOAD_BYTES : cost.getOrDefault(operand, Needs.LOAD_BYTES);
            }
            cost.put(lanes, bytes);
            boolean shared = uses.getOrDefault(lanes, 0) > 1 && !cheap(lanes);
            if (shared || bytes > INLINE_BYTES && !nexts.contains(lanes)) {
                stored.add(lanes);
            }
        }
        for (LaneFinder.Group group : groups) {
            if (!stored.contains(group.next())) {
                stage(group.next(), group);
            }
        }
        operations.stream().filter(stored::contains).forEach(lanes -> stage(lanes, null));
    }

    /** Whether computing again costs little more than fetching. */
    private boolean cheap(Lanes lanes) {
        Op op = lanes.first().op;
        return (op == Op.CAST || op == Op.SLICE || op == Op.NOT)
                && (lanes.in[0].kind != Lanes.Kind.OPERATION || stored.contains(lanes.in[0]));
    }

    /** Finds the gathered lanes that the loops of a root fetch, which are all but those that it copies whole. */
    private void stage(Lanes root, LaneFinder.@Nullable Group group) {
        leaves(root, true, (leaf, whole) -> {
            if (!whole || leaf.count() > MAX_MOVED || group != null && leaf != group.held() && touches(leaf, group)) {
                staged.add(leaf);
            }
        });
    }

    private static boolean touches(Lanes leaf, LaneFinder.Group group) {
        var own = new HashSet<>(List.of(group.held().members));
        for (Value member : leaf.members) {
            if (own.contains(member)) {
                return true;
            }
        }
        return false;
    }

    /** What visits gathered lanes, and whether their values are only moved. */
    private interface LeafVisitor {
        void visit(Lanes leaf, boolean whole);
    }

    private void leaves(Lanes lanes, boolean whole, LeafVisitor visitor) {
        if (lanes.kind == Lanes.Kind.GATHER) {
            visitor.visit(lanes, whole);
        }
        boolean branches = whole && branches(lanes);
        for (Lanes operand : lanes.in) {
            if (!stored.contains(operand)) {
                leaves(operand, branches, visitor);
            }
        }
    }

    /** Visits what the code of lanes fetches: values used by all lanes, stored lanes, gathered lanes. */
    void visitFetched(Lanes root, Consumer<Lanes> visitor) {
        for (Lanes operand : root.in) {
            if (operand.kind == Lanes.Kind.OPERATION && !stored.contains(operand)) {
                visitFetched(operand, visitor);
            } else {
                visitor.accept(operand);
            }
        }
    }
}
