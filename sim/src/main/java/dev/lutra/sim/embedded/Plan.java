// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides how a {@link Design} is computed: which values are stored and where, which are recomputed in place, the order, and
 * how it is cut into methods.
 *
 * <p>The state is one {@code int[]} (values of up to 32 bits, in canonical form: sign- or zero-extended) and one
 * {@code long[]} (one word up to 64 bits, several above, the least significant first). A cycle has two halves. <em>Settle</em>
 * computes every stored combinational value. <em>Edge</em> updates the registers in place, each after all others that still
 * read its old value; where they read each other in a circle, one of them waits in a shadow.
 */
final class Plan {
    /** A value used once is computed where it is used, up to so many bytes of code. */
    private static final int INLINE_BYTES = 240;
    /** The same for values of several words, which are copied word by word. */
    private static final int INLINE_WIDE_BYTES = 1500;
    /** An operation with many operands stores them first when their code is longer than this. */
    private static final int GATHER_BYTES = 1500;
    /** Code to fetch a stored value. */
    private static final int LOAD_BYTES = 6;

    /** A step of the schedule. */
    sealed interface Item {}

    /** Computes words {@code from} to {@code to - 1} of a stored value. */
    record Define(Value value, int from, int to) implements Item {}

    /** Copies an element that is stored elsewhere into its place in a block. */
    record Copy(Value element, int slot) implements Item {}

    /** Computes the next value of a register into the register or, with a slot, into its shadow. */
    record Update(Design.Register register, int shadow) implements Item {}

    /** Moves a shadow into its register. */
    record Commit(Design.Register register, int shadow) implements Item {}

    /** Performs all writes of a memory. */
    record Writes(Design.Store store) implements Item {}

    /** Items of one method. */
    record Chunk(List<Item> items) {}

    /** Where a block of elements lies, and how many can be read without looking at the index; a zero follows them. */
    record BlockPlace(int slot, int reach) {}

    /** A constant that lies in a slot from the start. */
    record Preset(Value constant, int slot) {}

    private final Design design;
    private final List<Value> values;
    private final int chunkBytes;

    private final boolean[] live;
    private final int[] uses;
    /** Must lie in a slot. */
    private final boolean[] pinned;
    /** Computed once and kept, in a slot or a local variable. */
    private final boolean[] stored;
    /** Is written word by word into its only user's place. */
    private final boolean[] assigned;

    private final int[] cost;
    private final int[] slot;
    private final Map<Value, BlockPlace> blocks = new HashMap<>();
    private final Map<Design.Store, Integer> stores = new HashMap<>();
    private final Map<Value, Integer> tables = new HashMap<>();
    private final List<Chunk> settle;
    private final List<Chunk> edge;

    private int ints;
    private int longs;
    private final List<Preset> presets = new ArrayList<>();

    Plan(Design design, int chunkBytes) {
        this.design = design;
        this.values = design.graph().values();
        this.chunkBytes = chunkBytes;
        int n = values.size();
        live = new boolean[n];
        uses = new int[n];
        pinned = new boolean[n];
        stored = new boolean[n];
        assigned = new boolean[n];
        cost = new int[n];
        slot = new int[n];
        Arrays.fill(slot, -1);
        for (Design.Store store : design.memories()) {
            stores.put(store, stores.size());
        }
        mark();
        chooseStored();
        limitCost();
        placeSources();
        settle = cut(settleItems());
        chooseLocals();
        List<Item> edgeItems = orderEdge();
        edge = cut(edgeItems);
    }

    Design design() {
        return design;
    }

    List<Chunk> settle() {
        return settle;
    }

    List<Chunk> edge() {
        return edge;
    }

    int intSlots() {
        return ints;
    }

    int longSlots() {
        return longs;
    }

    /** First slot of a value, or -1 if it lives in no slot. */
    int slot(Value v) {
        return slot[v.id];
    }

    /** Whether a value is computed once and then fetched. */
    boolean isStored(Value v) {
        return stored[v.id] || v.op == Op.SOURCE;
    }

    /** Estimated bytes of code that compute a value in place. */
    int cost(Value v) {
        return cost[v.id];
    }

    BlockPlace block(Value block) {
        BlockPlace place = blocks.get(block);
        if (place == null) {
            throw new IllegalStateException("no place for " + block);
        }
        return place;
    }

    /** Number of a memory in the list of arrays. */
    int array(Design.Store store) {
        return stores.getOrDefault(store, -1);
    }

    /** Number of a block of constants in the list of arrays, or -1. */
    int table(Value block) {
        return tables.getOrDefault(block, -1);
    }

    /** Blocks of constants, which follow the memories in the list of arrays. */
    Map<Value, Integer> tables() {
        return tables;
    }

    /** Slots that hold constants from the start. */
    List<Preset> presets() {
        return presets;
    }

    // ---- which values are needed, and how often

    private void mark() {
        for (Design.Output output : design.outputs()) {
            pin(output.value());
        }
        for (Design.Named named : design.signals()) {
            pin(named.value());
        }
        for (Value v : watched()) {
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
            if (register.next() != register.value()) {
                use(register.next());
            }
        }
        for (Design.Store store : design.memories()) {
            for (Design.Write write : store.writes) {
                for (Value operand : operands(write)) {
                    use(operand);
                    // A write never waits in a shadow, so what it needs must not be computed from other registers late.
                    store(operand);
                }
            }
        }
        for (int id = values.size() - 1; id >= 0; id--) {
            Value v = values.get(id);
            if (live[id]) {
                for (Value operand : v.in) {
                    use(operand);
                }
            }
        }
    }

    /** What the engine looks at for statements that watch. */
    private List<Value> watched() {
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

    private static List<Value> operands(Design.Write write) {
        return write.mask() == null
                ? List.of(write.guard(), write.address(), write.data())
                : List.of(write.guard(), write.address(), write.data(), write.mask());
    }

    private void use(Value v) {
        live[v.id] = true;
        uses[v.id]++;
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
        if (v.isConst()) {
            constantSlot(v);
        } else {
            pinned[v.id] = true;
            store(v);
        }
    }

    private void chooseStored() {
        for (Design.Register register : design.registers()) {
            Value next = register.next();
            assigned[next.id] = next.isWide() && uses[next.id] == 1;
        }
        // Users before operands.
        for (int id = values.size() - 1; id >= 0; id--) {
            Value v = values.get(id);
            if (!live[id] || v.op == Op.CONST || v.op == Op.SOURCE) {
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
            if (!live[v.id] || v.op == Op.BLOCK) {
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

    // ---- places

    private int allocate(Value v, int count) {
        int first;
        if (v.isInt()) {
            first = ints;
            ints += count;
        } else {
            first = longs;
            longs += count * v.words();
        }
        return first;
    }

    private void constantSlot(Value v) {
        if (slot[v.id] < 0) {
            slot[v.id] = allocate(v, 1);
            presets.add(new Preset(v, slot[v.id]));
        }
    }

    private void placeSources() {
        for (Value v : values) {
            if (live[v.id] && v.op == Op.BLOCK) {
                placeBlock(v);
            }
        }
        for (Value v : values) {
            if (v.op == Op.SOURCE && live[v.id] && slot[v.id] < 0) {
                slot[v.id] = allocate(v, 1);
            }
        }
        for (Design.Output output : design.outputs()) {
            if (output.value().isConst()) {
                constantSlot(output.value());
            }
        }
        for (Design.Named named : design.signals()) {
            if (named.value().isConst()) {
                constantSlot(named.value());
            }
        }
        for (Design.AsyncReset reset : design.resets()) {
            if (reset.level().isConst()) {
                constantSlot(reset.level());
            }
        }
        for (Value v : watched()) {
            if (v.isConst()) {
                constantSlot(v);
            }
        }
    }

    private void placeBlock(Value block) {
        boolean constant = true;
        for (Value element : block.in) {
            constant &= element.isConst();
        }
        int n = block.in.length;
        int reach = MemoryShape.reach(n);
        if (constant) {
            tables.put(block, stores.size() + tables.size());
            blocks.put(block, new BlockPlace(0, reach));
            return;
        }
        int first = allocate(block, reach + 1);
        blocks.put(block, new BlockPlace(first, reach));
        int stride = block.isInt() ? 1 : block.words();
        for (int i = 0; i < n; i++) {
            Value element = block.in[i];
            if (!element.isConst() && slot[element.id] < 0) {
                slot[element.id] = first + i * stride;
            }
        }
    }

    // ---- settling

    private List<Item> settleItems() {
        var items = new ArrayList<Item>();
        for (Value v : values) {
            if (!live[v.id]) {
                continue;
            }
            if (v.op == Op.BLOCK && table(v) < 0) {
                int first = block(v).slot();
                int stride = v.isInt() ? 1 : v.words();
                for (int i = 0; i < v.in.length; i++) {
                    int place = first + i * stride;
                    Value element = v.in[i];
                    if (element.isConst()) {
                        presets.add(new Preset(element, place));
                    } else if (slot[element.id] != place) {
                        items.add(new Copy(element, place));
                    }
                }
            } else if (stored[v.id]) {
                define(v, items);
            }
        }
        return items;
    }

    private void define(Value v, List<Item> items) {
        int words = v.isWide() ? v.words() : 1;
        boolean splits = v.isWide() && v.op == Op.CONCAT && cost[v.id] > INLINE_WIDE_BYTES;
        int step = splits ? Math.max(1, words * INLINE_WIDE_BYTES / cost[v.id]) : words;
        for (int from = 0; from < words; from += step) {
            items.add(new Define(v, from, Math.min(words, from + step)));
        }
    }

    private List<Chunk> cut(List<Item> items) {
        var chunks = new ArrayList<Chunk>();
        var current = new ArrayList<Item>();
        int size = 0;
        for (Item item : items) {
            int bytes = bytes(item);
            if (size + bytes > chunkBytes && !current.isEmpty()) {
                chunks.add(new Chunk(List.copyOf(current)));
                current.clear();
                size = 0;
            }
            current.add(item);
            size += bytes;
        }
        if (!current.isEmpty()) {
            chunks.add(new Chunk(List.copyOf(current)));
        }
        return chunks;
    }

    private int bytes(Item item) {
        if (item instanceof Define define) {
            Value v = define.value();
            int words = v.isWide() ? v.words() : 1;
            return cost[v.id] * (define.to() - define.from()) / words + LOAD_BYTES * (define.to() - define.from());
        } else if (item instanceof Copy copy) {
            return 2 * LOAD_BYTES * copy.element().words();
        } else if (item instanceof Update update) {
            Value next = update.register().next();
            return (fetched(next) ? LOAD_BYTES * next.words() : cost[next.id]) + LOAD_BYTES * next.words();
        } else if (item instanceof Commit commit) {
            return 2 * LOAD_BYTES * commit.register().value().words();
        } else if (item instanceof Writes writes) {
            int sum = 0;
            for (Design.Write write : writes.store().writes) {
                sum += 20 + 40 * write.data().words();
            }
            return sum;
        }
        throw new IllegalStateException("unknown item " + item);
    }

    /** A stored value lives in a local variable if only its own method needs it. */
    private void chooseLocals() {
        int[] chunkOf = new int[values.size()];
        Arrays.fill(chunkOf, -1);
        for (int c = 0; c < settle.size(); c++) {
            for (Item item : settle.get(c).items()) {
                if (item instanceof Define define) {
                    chunkOf[define.value().id] = c;
                }
            }
        }
        for (int c = 0; c < settle.size(); c++) {
            int here = c;
            for (Item item : settle.get(c).items()) {
                Value root = item instanceof Define define ? define.value() : ((Copy) item).element();
                boolean fetch = item instanceof Copy;
                visitFetched(root, fetch, v -> {
                    if (stored[v.id] && chunkOf[v.id] != here) {
                        pinned[v.id] = true;
                    }
                });
            }
        }
        for (Design.Register register : design.registers()) {
            if (register.next() != register.value()) {
                visitFetched(register.next(), true, v -> pinned[v.id] = true);
            }
        }
        for (Design.Store store : design.memories()) {
            for (Design.Write write : store.writes) {
                for (Value operand : operands(write)) {
                    visitFetched(operand, true, v -> pinned[v.id] = true);
                }
            }
        }
        for (Value v : values) {
            if (stored[v.id] && pinned[v.id] && slot[v.id] < 0) {
                slot[v.id] = allocate(v, 1);
            }
        }
    }

    private interface Visitor {
        void visit(Value v);
    }

    /** Visits the stored values and sources that the code of a value fetches; the value itself if it is one and asked for. */
    private void visitFetched(Value root, boolean includeRoot, Visitor visitor) {
        if (includeRoot && (stored[root.id] || root.op == Op.SOURCE)) {
            visitor.visit(root);
            return;
        }
        var stack = new ArrayDeque<Value>();
        stack.push(root);
        while (!stack.isEmpty()) {
            for (Value operand : stack.pop().in) {
                if (stored[operand.id] || operand.op == Op.SOURCE) {
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

    // ---- the edge

    /** A pending update of one place: a register or a memory. */
    private static final class Pending {
        final Item item;
        final Object target;
        final Set<Object> reads = new LinkedHashSet<>();
        /** Others that still have to read the target's old contents. */
        int readers;

        boolean done;

        Pending(Item item, Object target) {
            this.item = item;
            this.target = target;
        }
    }

    private List<Item> orderEdge() {
        var pending = new ArrayList<Pending>();
        for (Design.Register register : design.registers()) {
            if (register.next() != register.value()) {
                var p = new Pending(new Update(register, -1), register.value());
                readSet(register.next(), p.reads);
                pending.add(p);
            }
        }
        for (Design.Store store : design.memories()) {
            if (!store.writes.isEmpty()) {
                var p = new Pending(new Writes(store), store);
                for (Design.Write write : store.writes) {
                    for (Value operand : operands(write)) {
                        readSet(operand, p.reads);
                    }
                }
                pending.add(p);
            }
        }
        var byTarget = new HashMap<Object, Pending>();
        pending.forEach(p -> byTarget.put(p.target, p));
        for (Pending p : pending) {
            p.reads.remove(p.target);
            p.reads.retainAll(byTarget.keySet());
            for (Object read : p.reads) {
                writer(byTarget, read).readers++;
            }
        }
        var order = new ArrayList<Item>();
        var commits = new ArrayList<Item>();
        var ready = new ArrayDeque<Pending>();
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
                while (pending.get(next).done || !(pending.get(next).item instanceof Update)) {
                    next++;
                }
                p = pending.get(next);
            }
            if (p.item instanceof Update update && (circle || shiftsItself(update.register()))) {
                Design.Register register = update.register();
                int shadow = allocate(register.value(), 1);
                order.add(new Update(register, shadow));
                commits.add(new Commit(register, shadow));
            } else {
                order.add(p.item);
            }
            p.done = true;
            for (Object read : p.reads) {
                Pending writer = writer(byTarget, read);
                if (--writer.readers == 0 && !writer.done) {
                    ready.add(writer);
                }
            }
        }
        order.addAll(commits);
        return order;
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
            if (branches && !stored[v.id]) {
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

    private static Pending writer(Map<Object, Pending> byTarget, Object target) {
        Pending writer = byTarget.get(target);
        if (writer == null) {
            throw new IllegalStateException("nothing writes " + target);
        }
        return writer;
    }

    /** The registers and memories the code of a value reads when it runs at the edge. */
    private void readSet(Value root, Set<Object> reads) {
        var stack = new ArrayDeque<Value>();
        stack.push(root);
        while (!stack.isEmpty()) {
            Value v = stack.pop();
            if (v.op == Op.SOURCE) {
                reads.add(v);
            } else if (!stored[v.id] && v.op != Op.BLOCK) {
                if (v.op == Op.READ && v.origin != null) {
                    reads.add(v.origin);
                }
                for (Value operand : v.in) {
                    stack.push(operand);
                }
            } else if (v.op == Op.BLOCK) {
                for (Value element : v.in) {
                    if (element.op == Op.SOURCE && slot[element.id] >= 0) {
                        reads.add(element);
                    }
                }
            }
        }
    }
}
