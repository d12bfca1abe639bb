// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what a loop can compute for many instances of a module at once: the same register of all of them is a set of lanes if
 * its next value has the same form in all. Forms are compared in the flat graph, operand by operand, so nothing need be
 * assumed about the connections of the instances; where they differ, a lane's operand is a value like any other and is
 * gathered.
 */
final class LaneFinder {
    /** Fewer lanes are not worth a loop. */
    static final int MIN_LANES = 8;
    /** Operands that are further down than this are gathered. */
    private static final int MAX_DEPTH = 100;

    /**
     * A register of many instances.
     *
     * @param registers in the order of the instances
     * @param held their values in this cycle
     * @param next their values after the edge
     */
    record Group(List<Design.Register> registers, Lanes held, Lanes next) {}

    private final Design design;
    /** Lanes that would depend on each other in a circle. */
    private final Set<List<Value>> refused;

    private final Map<List<Value>, Lanes> known = new HashMap<>();
    private final Map<Value, Lanes> home = new IdentityHashMap<>();

    private LaneFinder(Design design, Set<List<Value>> refused) {
        this.design = design;
        this.refused = refused;
    }

    /** All groups worth a loop. */
    static List<Group> find(Design design, Set<List<Value>> refused) {
        return new LaneFinder(design, refused).groups();
    }

    private List<Group> groups() {
        var candidates = new LinkedHashMap<List<Object>, List<Design.Register>>();
        for (Design.Register register : design.registers()) {
            Value next = register.next();
            if (next != register.value() && next.width <= 64 && !next.isConst()) {
                candidates
                        .computeIfAbsent(List.of(register.signal(), next.op, next.lo), k -> new ArrayList<>())
                        .add(register);
            }
        }
        var groups = new ArrayList<Group>();
        for (List<Design.Register> registers : candidates.values()) {
            if (registers.size() >= MIN_LANES) {
                Lanes next = align(registers.stream().map(Design.Register::next).toArray(Value[]::new), 0);
                if (next.kind == Lanes.Kind.OPERATION) {
                    Value[] held =
                            registers.stream().map(Design.Register::value).toArray(Value[]::new);
                    groups.add(new Group(registers, align(held, 0), next));
                }
            }
        }
        return groups;
    }

    private Lanes align(Value[] members, int depth) {
        List<Value> key = List.of(members);
        Lanes lanes = known.get(key);
        if (lanes == null) {
            lanes = build(key, members, depth);
            known.put(key, lanes);
        }
        return lanes;
    }

    private Lanes build(List<Value> key, Value[] members, int depth) {
        Value first = members[0];
        boolean same = true;
        boolean alike = loops(first);
        for (Value member : members) {
            same &= member == first;
            alike &= alike(member, first) && !home.containsKey(member);
        }
        if (same) {
            return Lanes.same(members);
        }
        if (!alike || depth == MAX_DEPTH || refused.contains(key) || new HashSet<>(key).size() < members.length) {
            return Lanes.gather(members);
        }
        var in = new Lanes[first.in.length];
        for (int i = 0; i < in.length; i++) {
            var operands = new Value[members.length];
            for (int l = 0; l < members.length; l++) {
                operands[l] = members[l].in[i];
            }
            in[i] = operands[0].op == Op.BLOCK ? blocks(operands) : align(operands, depth + 1);
        }
        Lanes lanes = Lanes.operation(members, in);
        for (Value member : members) {
            home.put(member, lanes);
        }
        return lanes;
    }

    private static Lanes blocks(Value[] members) {
        for (Value member : members) {
            if (member != members[0]) {
                return Lanes.blocks(members);
            }
        }
        return Lanes.same(members);
    }

    private static boolean alike(Value a, Value b) {
        if (a.op != b.op || a.width != b.width || a.signed != b.signed || a.lo != b.lo || a.in.length != b.in.length) {
            return false;
        }
        for (int i = 0; i < a.in.length; i++) {
            if (a.in[i].width != b.in[i].width || a.in[i].signed != b.in[i].signed) {
                return false;
            }
        }
        return a.op != Op.SELECT || a.in[1].in.length == b.in[1].in.length && looksUp(a) && looksUp(b);
    }

    /** Whether a value is an element of a block in the state, by an index that is never too large. */
    private static boolean looksUp(Value v) {
        return v.op == Op.SELECT
                && Expressions.maximum(v.in[0]) < v.in[1].in.length
                && !Arrays.stream(v.in[1].in).allMatch(Value::isConst);
    }

    /** Whether a loop may compute a value. */
    private static boolean loops(Value v) {
        boolean narrow = !v.isWide();
        for (Value operand : v.in) {
            narrow &= !operand.isWide();
        }
        return narrow
                && switch (v.op) {
                    case CONST, SOURCE, READ, SWITCH, BLOCK -> false;
                    case SELECT -> looksUp(v);
                    default -> true;
                };
    }
}
