// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which values of a design must be known, how often each is used, and which are computed once and stored; the others are
 * computed again by each user.
 */
final class Needs {
    /** A value used once is computed where it is used, up to so many bytes of code. */
    private static final int INLINE_BYTES = 240;
    /** The same for values of several words, which are copied word by word. */
    static final int INLINE_WIDE_BYTES = 1500;
    /** An operation with many operands stores them first when their code is longer than this. */
    private static final int GATHER_BYTES = 1500;
    /** Code to fetch a stored value. */
    static final int LOAD_BYTES = 6;

    private final Design design;
    private final List<Value> values;

    private final boolean[] live;
    private final int[] uses;
    /** Must lie in a slot. */
    private final boolean[] pinned;
    /** Computed once and kept, in a slot or a local variable. */
    private final boolean[] stored;
    /** Is written word by word into its only user's place. */
    private final boolean[] assigned;

    private final int[] cost;
    private final LaneNeeds lanes;
    /** The lanes that compute a value. */
    private final Map<Value, Lanes> home = new HashMap<>();

    private final Deque<Value> unseen = new ArrayDeque<>();

    Needs(Design design, List<LaneFinder.Group> groups) {
        this.design = design;
        this.values = design.graph().values();
        int n = values.size();
        live = new boolean[n];
        uses = new int[n];
        pinned = new boolean[n];
        stored = new boolean[n];
        assigned = new boolean[n];
        cost = new int[n];
        lanes = new LaneNeeds(groups);
        lanes.operations().forEach(operation -> {
            for (Value member : operation.members) {
                home.put(member, operation);
            }
        });
        mark();
        lanes.decide();
        for (Lanes operation : lanes.operations()) {
            if (lanes.isStored(operation)) {
                for (Value member : operation.members) {
                    stored[member.id] = true;
                    pinned[member.id] = true;
                }
            }
        }
        chooseStored();
        limitCost();
    }

    LaneNeeds lanes() {
        return lanes;
    }

    boolean isLive(Value v) {
        return live[v.id];
    }

    boolean isPinned(Value v) {
        return pinned[v.id];
    }

    /** Says that a stored value must lie in a slot. */
    void pinStored(Value v) {
        pinned[v.id] = true;
    }

    /** Whether a value is computed once and then fetched. */
    boolean isStored(Value v) {
        return stored[v.id];
    }

    /** Estimated bytes of code that compute a value in place. */
    int cost(Value v) {
        return cost[v.id];
    }

    /** Bytes of code that put a value into a place. */
    int costInto(Value v) {
        return (fetched(v) ? LOAD_BYTES * v.words() : cost[v.id]) + LOAD_BYTES * v.words();
    }

    /** The lanes whose loop computes a value; null: computed alone. */
    @Nullable
    Lanes home(Value v) {
        return home.get(v);
    }

    // ---- which values are needed, and how often

    private void mark() {
        for (Design.Output output : design.outputs()) {
            pin(output.value());
        }
        for (Design.Named named : design.signals()) {
            pin(named.value());
        }
        for (Value v : watched(design)) {
            pin(v);
        }
        for (Value v : design.clocks()) {
            live[v.id] = true;
        }
        for (Design.AsyncReset reset : design.resets()) {
            pin(reset.level());
        }
        for (Design.Input input : design.inputs()) {
            live[input.value().id] = true;
        }
        for (Design.Register register : design.registers()) {
            live[register.value().id] = true;
            if (register.next() != register.value() && !lanes.updates(register)) {
                use(register.next());
            }
        }
        lanes.needed().forEach(this::use);
        lanes.gathered().forEach(this::pin);
        for (Design.Store store : design.memories()) {
            for (Design.Write write : store.writes) {
                for (Value operand : operands(write)) {
                    use(operand);
                    // A write never waits in a shadow, so what it needs must not be computed from other registers late.
                    store(operand);
                }
            }
        }
        while (!unseen.isEmpty()) {
            for (Value operand : unseen.pop().in) {
                use(operand);
            }
        }
    }

    /** What the engine looks at for statements that watch. */
    static List<Value> watched(Design design) {
        var all = new ArrayList<Value>();
        for (Design.Watch watch : design.watches()) {
            all.add(watch.fires());
            all.addAll(watch.values());
            if (watch.told() != null) {
                all.add(watch.told());
            }
        }
        if (design.watched() != null) {
            all.add(design.watched());
        }
        return all;
    }

    static List<Value> operands(Design.Write write) {
        return write.mask() == null
                ? List.of(write.guard(), write.address(), write.data())
                : List.of(write.guard(), write.address(), write.data(), write.mask());
    }

    private void use(Value v) {
        uses[v.id]++;
        Lanes computing = home.get(v);
        if (computing != null) {
            live[v.id] = true;
            lanes.store(computing);
        } else if (uses[v.id] == 1) {
            live[v.id] = true;
            unseen.push(v);
        }
    }

    private void pin(Value v) {
        use(v);
        pinned[v.id] = true;
        store(v);
    }

    private void store(Value v) {
        if (v.op != Op.CONST && v.op != Op.SOURCE && v.op != Op.BLOCK) {
            stored[v.id] = true;
            if (v.isWide()) {
                pinned[v.id] = true;
            }
        }
    }

    /** Store in a slot: what helpers index, or what several methods need. */
    private void pinOperand(Value v) {
        pinned[v.id] = true;
        store(v);
    }

    private void chooseStored() {
        for (Design.Register register : design.registers()) {
            Value next = register.next();
            assigned[next.id] = next.isWide() && uses[next.id] == 1;
        }
        // Users before operands.
        for (int id = values.size() - 1; id >= 0; id--) {
            Value v = values.get(id);
            if (!live[id] || v.op == Op.CONST || v.op == Op.SOURCE || home.containsKey(v)) {
                continue;
            }
            if (v.op == Op.BLOCK) {
                for (Value element : v.in) {
                    if (!element.isConst()) {
                        pinOperand(element);
                    }
                }
                continue;
            }
            if (uses[id] > 1 && !cheap(v)) {
                store(v);
            }
            if (v.isWide()) {
                boolean branches = v.op == Op.MUX || v.op == Op.SWITCH;
                if (usesHelper(v) || v.op == Op.SELECT || branches && !assigned[id]) {
                    store(v);
                }
                if (branches) {
                    for (Value operand : v.in) {
                        assigned[operand.id] = operand.isWide() && uses[operand.id] == 1;
                    }
                }
            }
            storeOperands(v);
        }
    }

    /** Whether computing again costs little more than fetching. */
    private boolean cheap(Value v) {
        if (v.isWide() || v.op != Op.CAST && v.op != Op.SLICE) {
            return false;
        }
        Value a = v.in[0];
        boolean near = a.op == Op.SOURCE || stored[a.id] || uses[a.id] > 1;
        if (!near) {
            return false;
        }
        if (v.op == Op.CAST) {
            return !a.isWide();
        }
        return uses[v.id] <= 2 && (v.lo & 63) + v.width <= 64;
    }

    /** Whether a call computes it from slots to slots. */
    static boolean usesHelper(Value v) {
        if (v.op == Op.LT || v.op == Op.LE) {
            return v.in[0].isWide();
        }
        boolean arithmetic = v.op == Op.ADD
                || v.op == Op.SUB
                || v.op == Op.MUL
                || v.op == Op.DIV
                || v.op == Op.REM
                || v.op == Op.SHL
                || v.op == Op.SHR;
        return arithmetic && (v.isWide() || v.op == Op.SHR && v.in[0].isWide());
    }

    /** Stores operands that the code of a value would otherwise compute once per word. */
    private void storeOperands(Value v) {
        if (usesHelper(v)) {
            for (Value operand : v.in) {
                if (operand.isWide()) {
                    pinOperand(operand);
                }
            }
            return;
        }
        if (v.isWide()) {
            switch (v.op) {
                case READ, SELECT -> store(v.in[0]);
                case CAST -> {
                    if (!v.in[0].isWide() && v.in[0].signed) {
                        store(v.in[0]);
                    }
                }
                case CONCAT -> {
                    int base = v.width;
                    for (Value part : v.in) {
                        base -= part.width;
                        if (base / 64 != (base + part.width - 1) / 64 && !part.isWide()) {
                            store(part);
                        }
                    }
                }
                default -> {}
            }
        }
    }

    // ---- code size

    private void limitCost() {
        for (Value v : values) {
            if (!live[v.id] || v.op == Op.BLOCK || home.containsKey(v)) {
                continue;
            }
            int operands = operandCost(v);
            if (operands > GATHER_BYTES && v.in.length > 3) {
                for (Value operand : v.in) {
                    if (!fetched(operand) && cost[operand.id] > 2 * LOAD_BYTES) {
                        store(operand);
                    }
                }
                operands = operandCost(v);
            }
            cost[v.id] = ownCost(v) + operands;
            int limit = v.isWide() ? INLINE_WIDE_BYTES : INLINE_BYTES;
            if (cost[v.id] > limit) {
                store(v);
            }
        }
    }

    /** Whether fetching a value takes no computing. */
    private boolean fetched(Value v) {
        return stored[v.id] || v.op == Op.SOURCE || v.op == Op.BLOCK || v.isConst();
    }

    private int operandCost(Value v) {
        int sum = 0;
        for (Value operand : v.in) {
            if (operand.op != Op.BLOCK) {
                sum += fetched(operand) ? LOAD_BYTES * Math.min(operand.words(), v.words()) : cost[operand.id];
            }
        }
        return sum;
    }

    private static int ownCost(Value v) {
        int words = v.words();
        if (usesHelper(v)) {
            return 40;
        }
        return switch (v.op) {
            case CONST, SOURCE -> LOAD_BYTES * words;
            case READ -> 12 * words;
            case NOT, NEG, AND, OR, XOR, ADD, SUB -> 6 * words;
            case AND_R, OR_R, XOR_R -> 10 + 8 * v.in[0].words();
            case MUL -> 8;
            case DIV, REM -> 20;
            case EQ, LT, LE -> 12 + 3 * v.in[0].words();
            case SHL, SHR -> 14;
            case MUX -> 10 + 7 * words;
            case SELECT -> 14 * words;
            case SWITCH -> 24 + (v.in.length - 1) * (8 + 7 * words);
            case SLICE -> 14 * words;
            case CONCAT -> 9 * v.in.length + 10 * words;
            case CAST -> 8 * words;
            case BLOCK -> 0;
        };
    }
}
