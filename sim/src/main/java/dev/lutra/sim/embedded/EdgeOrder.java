// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order in which registers and memories take their next contents in place: each after all others that still read its old
 * one. Where they read each other in a circle, one of them waits in a shadow.
 */
final class EdgeOrder {
    private final Needs needs;
    private final Places places;
    private final List<Pending> pending = new ArrayList<>();
    private final Map<Object, Pending> byTarget = new HashMap<>();
    private final List<Step> commits = new ArrayList<>();

    /** A pending update of registers or of a memory. */
    private static final class Pending {
        final Step step;
        final Set<Object> reads = new LinkedHashSet<>();
        /** Others that still have to read the old contents. */
        int readers;

        boolean done;

        Pending(Step step) {
            this.step = step;
        }
    }

    private EdgeOrder(Design design, Needs needs, Places places) {
        this.needs = needs;
        this.places = places;
        for (Design.Register register : design.registers()) {
            if (register.next() != register.value() && !needs.lanes().updates(register)) {
                Pending p = add(new Step.Update(register, -1), List.of(register.value()));
                readSet(register.next(), p.reads);
            }
        }
        for (LaneFinder.Group group : needs.lanes().groups()) {
            Pending p = add(new Step.UpdateLanes(group, -1), List.of(group.held().members));
            if (!needs.lanes().isStored(group.next())) {
                needs.lanes().visitFetched(group.next(), fetched -> readSet(fetched, p.reads));
            }
        }
        for (Design.Store store : design.memories()) {
            if (!store.writes.isEmpty()) {
                Pending p = add(new Step.Writes(store), List.of(store));
                for (Design.Write write : store.writes) {
                    for (Value operand : Needs.operands(write)) {
                        readSet(operand, p.reads);
                    }
                }
            }
        }
    }

    static List<Step> of(Design design, Needs needs, Places places) {
        return new EdgeOrder(design, needs, places).order();
    }

    private Pending add(Step step, List<?> targets) {
        var p = new Pending(step);
        pending.add(p);
        targets.forEach(target -> byTarget.put(target, p));
        return p;
    }

    /** The updates that an update must precede. */
    private Set<Pending> writers(Pending p) {
        Set<Pending> writers = Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        for (Object read : p.reads) {
            Pending writer = byTarget.get(read);
            if (writer != null && writer != p) {
                writers.add(writer);
            }
        }
        return writers;
    }

    private List<Step> order() {
        for (Pending p : pending) {
            writers(p).forEach(writer -> writer.readers++);
        }
        var order = new ArrayList<Step>();
        Deque<Pending> ready = new ArrayDeque<>();
        for (Pending p : pending) {
            if (p.readers == 0) {
                ready.add(p);
            }
        }
        int next = 0;
        for (int left = pending.size(); left > 0; left--) {
            Pending p = ready.poll();
            boolean circle = p == null;
            if (p == null) {
                // There is always a register in it, since writes read nothing but stored values and registers.
                while (pending.get(next).done || pending.get(next).step instanceof Step.Writes) {
                    next++;
                }
                p = pending.get(next);
            }
            order.add(
                    circle || p.step instanceof Step.Update update && shiftsItself(update.register())
                            ? shadowed(p.step)
                            : p.step);
            p.done = true;
            for (Pending writer : writers(p)) {
                if (--writer.readers == 0 && !writer.done) {
                    ready.add(writer);
                }
            }
        }
        order.addAll(commits);
        return order;
    }

    /** An update into a shadow, which is committed at the end. */
    private Step shadowed(Step step) {
        if (step instanceof Step.UpdateLanes update) {
            int shadow = places.allocate(update.group().held());
            commits.add(new Step.CommitLanes(update.group(), shadow));
            return new Step.UpdateLanes(update.group(), shadow);
        }
        Design.Register register = ((Step.Update) step).register();
        int shadow = places.allocate(register.value(), 1);
        commits.add(new Step.Commit(register, shadow));
        return new Step.Update(register, shadow);
    }

    /** Whether words of the next value depend on words of the old one that may be overwritten before they are read. */
    private boolean shiftsItself(Design.Register register) {
        Value self = register.value();
        if (!self.isWide()) {
            return false;
        }
        var leaves = new ArrayDeque<Value>();
        leaves.push(register.next());
        while (!leaves.isEmpty()) {
            Value v = leaves.pop();
            boolean branches = v.op == Op.MUX || v.op == Op.SWITCH;
            if (branches && !needs.isStored(v)) {
                for (int i = 1; i < v.in.length; i++) {
                    leaves.push(v.in[i]);
                }
            } else if (v != self) {
                var reads = new LinkedHashSet<Object>();
                readSet(v, reads);
                if (reads.contains(self)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What lanes read that are fetched by a loop at the edge. Gathered copies were made before it. */
    private void readSet(Lanes fetched, Set<Object> reads) {
        if (fetched.kind == Lanes.Kind.SAME) {
            readSet(fetched.first(), reads);
        } else if (fetched.kind == Lanes.Kind.BLOCKS) {
            for (Value block : fetched.members) {
                readSet(block, reads);
            }
        } else if (fetched.kind == Lanes.Kind.GATHER) {
            int place = places.slot(fetched);
            for (int i = 0; i < fetched.count(); i++) {
                Value member = fetched.members[i];
                boolean copied = place >= 0 && places.slot(member) != place + i;
                if (member.op == Op.SOURCE && !copied) {
                    reads.add(member);
                }
            }
        }
    }

    /** The registers and memories the code of a value reads when it runs at the edge. */
    private void readSet(Value root, Set<Object> reads) {
        var stack = new ArrayDeque<Value>();
        stack.push(root);
        while (!stack.isEmpty()) {
            Value v = stack.pop();
            if (v.op == Op.SOURCE) {
                reads.add(v);
            } else if (!needs.isStored(v) && v.op != Op.BLOCK) {
                if (v.op == Op.READ && v.origin != null) {
                    reads.add(v.origin);
                }
                for (Value operand : v.in) {
                    stack.push(operand);
                }
            } else if (v.op == Op.BLOCK) {
                for (Value element : v.in) {
                    if (element.op == Op.SOURCE && places.slot(element) >= 0) {
                        reads.add(element);
                    }
                }
            }
        }
    }
}
