// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.ir.ReadDuringWrite;
import dev.lutra.hdl.ir.ResetKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link Sketch} does according to docs/hdl/reference.md and nothing else: numbers of any size, a signal's value computed
 * when it is asked for, statements run as they stand. Slow and obvious; it knows neither the language's implementation nor the
 * intermediate representation, so it checks them, too.
 */
final class Meaning {
    private final Sketch sketch;
    private final List<Scope> scopes = new ArrayList<>();
    private final Scope top;
    private final boolean[] reset;
    private final List<String> printed = new ArrayList<>();

    /** An instance. */
    private final class Scope {
        final Sketch.Part part;
        final Scope parent;
        final String name;
        /** The outermost module's domain of each domain here. */
        final List<Integer> domains;
        /** The outermost module's domain whose reset is that of each domain here, -1: none. */
        final List<Integer> resets;

        final List<Step> statements;
        final Map<String, List<Step>> drivers = new HashMap<>();
        final Map<String, Item> items = new LinkedHashMap<>();
        final Map<String, Scope> children = new HashMap<>();
        final Map<String, List<BigInteger>> state = new HashMap<>();
        final Map<String, List<List<BigInteger>>> memories = new HashMap<>();
        final Map<String, List<BigInteger>> settled = new HashMap<>();

        Scope(int part, Scope parent, String name, List<Integer> domains, List<Integer> resets) {
            this.part = sketch.parts().get(part);
            this.parent = parent;
            this.name = name;
            this.domains = domains;
            this.resets = resets;
            statements = this.part.statements();
            scopes.add(this);
            for (Item item : this.part.items()) {
                items.put(item.name(), item);
                if (item instanceof Item.Register register) {
                    state.put(register.name(), register.shape().zero());
                } else if (item instanceof Item.Read read && read.latency() == 1) {
                    state.put(read.name(), read.word().zero());
                } else if (item instanceof Item.Access port) {
                    state.put(port.name(), port.word().zero());
                } else if (item instanceof Item.Port port && port.input() && parent == null) {
                    state.put(port.name(), port.shape().zero());
                } else if (item instanceof Item.Memory memory) {
                    var words = new ArrayList<>(
                            Collections.nCopies(memory.depth(), memory.word().zero()));
                    for (int i = 0; i < memory.init().size(); i++) {
                        words.set(i, List.of(memory.init().get(i)));
                    }
                    memories.put(memory.name(), words);
                } else if (item instanceof Item.Instance instance) {
                    var inner = instance.domains().stream().map(domains::get).toList();
                    var by = new ArrayList<Integer>();
                    for (int i = 0; i < inner.size(); i++) {
                        boolean none = i > 0
                                && sketch.parts().get(instance.part()).domains().get(i - 1) == null;
                        by.add(none ? -1 : resets.get(instance.domains().get(i)));
                    }
                    children.put(instance.name(), new Scope(instance.part(), this, instance.name(), inner, by));
                }
            }
        }
    }

    Meaning(Sketch sketch) {
        this.sketch = sketch;
        reset = new boolean[sketch.domains().size()];
        var own = new ArrayList<Integer>();
        var by = new ArrayList<Integer>();
        for (int i = 0; i < sketch.domains().size(); i++) {
            own.add(i);
            by.add(sketch.domains().get(i).reset() == null ? -1 : i);
        }
        top = new Scope(sketch.parts().size() - 1, null, "", own, by);
    }

    /** What all ground outputs show in each cycle. */
    record Run(List<List<BigInteger>> outputs, List<String> printed) {}

    /** Runs on a stimulus. */
    static Run run(Sketch sketch, Stimulus stimulus) {
        var meaning = new Meaning(sketch);
        var rows = new ArrayList<List<BigInteger>>();
        for (int cycle = 0; cycle < stimulus.rows().size(); cycle++) {
            meaning.feed(stimulus.rows().get(cycle));
            var row = new ArrayList<BigInteger>();
            for (Item.Port port : sketch.top().ports(false)) {
                row.addAll(meaning.value(meaning.top, port.name()));
            }
            rows.add(row);
            for (int rising : Timing.edges(cycle)) {
                meaning.edge(rising);
            }
        }
        return new Run(rows, meaning.printed);
    }

    private void feed(List<BigInteger> row) {
        int at = 0;
        for (int i = 0; i < reset.length; i++) {
            ResetKind kind = sketch.domains().get(i).reset();
            if (kind != null) {
                reset[i] = row.get(at++).signum() != 0 != kind.activeLow();
            }
        }
        for (Item.Port port : sketch.top().ports(true)) {
            int leaves = port.shape().leaves().size();
            top.state.put(port.name(), row.subList(at, at + leaves));
            at += leaves;
        }
        for (Scope scope : scopes) {
            for (Item item : scope.part.items()) {
                if (item instanceof Item.Register register && resets(scope, register)) {
                    ResetKind kind = sketch.domains()
                            .get(scope.resets.get(register.domain()))
                            .reset();
                    if (kind.asynchronous()) {
                        scope.state.put(register.name(), register.init());
                    }
                }
            }
        }
        changed();
    }

    private boolean resets(Scope scope, Item.Register register) {
        return !register.init().isEmpty() && inReset(scope, register.domain());
    }

    private boolean inReset(Scope scope, int domain) {
        int by = scope.resets.get(domain);
        return by >= 0 && reset[by];
    }

    private void changed() {
        scopes.forEach(scope -> scope.settled.clear());
    }

    private void edge(int rising) {
        var updates = new ArrayList<Runnable>();
        var writes = new ArrayList<Runnable>();
        for (Scope scope : scopes) {
            for (Item item : scope.part.items()) {
                if (item instanceof Item.Register register && rises(scope, register.domain(), rising)) {
                    List<BigInteger> next = resets(scope, register) ? register.init() : driven(scope, register.name());
                    updates.add(() -> scope.state.put(register.name(), next));
                } else if (item instanceof Item.Read read
                        && read.latency() == 1
                        && rises(scope, read.domain(), rising)
                        && (read.enable() == null || isTrue(scope, read.enable()))) {
                    List<BigInteger> next = word(scope, read);
                    updates.add(() -> scope.state.put(read.name(), next));
                } else if (item instanceof Item.Access port
                        && rises(scope, port.domain(), rising)
                        && (port.enable() == null || isTrue(scope, port.enable()))) {
                    access(scope, port, updates, writes);
                }
            }
            for (boolean late : new boolean[] {false, true}) {
                for (Item item : scope.part.items()) {
                    if (item instanceof Item.Block block
                            && block.late() == late
                            && rises(scope, block.domain(), rising)) {
                        look(scope, block.body(), inReset(scope, block.domain()), writes);
                    }
                }
            }
        }
        updates.addAll(writes);
        updates.forEach(Runnable::run);
        changed();
    }

    private boolean rises(Scope scope, int domain, int rising) {
        int clock = sketch.domains().get(scope.domains.get(domain)).clock();
        return (rising >> clock & 1) != 0;
    }

    /** Writes of memories, and lines that are printed. */
    private void look(Scope scope, List<Step> body, boolean inReset, List<Runnable> writes) {
        for (Step step : body) {
            if (step instanceof Step.Write write) {
                BigInteger address = number(scope, write.address());
                BigInteger data = number(scope, write.data());
                BigInteger mask = write.mask() == null ? null : number(scope, write.mask());
                Item.Memory memory = (Item.Memory) scope.items.get(write.memory());
                if (address.compareTo(BigInteger.valueOf(memory.depth())) < 0) {
                    writes.add(() -> write(scope, memory, address.intValueExact(), data, mask));
                }
            } else if (step instanceof Step.Print print && !inReset) {
                printed.add(line(scope, print));
            } else if (step instanceof Step.When || step instanceof Step.Switch) {
                look(scope, taken(scope, step), inReset, writes);
            }
        }
    }

    /** A port of a memory at an edge at which it does not rest. */
    private void access(Scope scope, Item.Access port, List<Runnable> updates, List<Runnable> writes) {
        Item.Memory memory = (Item.Memory) scope.items.get(port.memory());
        BigInteger address = number(scope, port.address());
        boolean inside = address.compareTo(BigInteger.valueOf(memory.depth())) < 0;
        BigInteger old = inside
                ? scope.memories.get(port.memory()).get(address.intValueExact()).get(0)
                : BigInteger.ZERO;
        Step.PortWrite write = write(scope, scope.statements, port.name());
        BigInteger mask = write == null || write.mask() == null ? null : number(scope, write.mask());
        boolean writing = write != null && (mask == null || mask.signum() != 0);
        BigInteger word = old;
        if (writing && inside) {
            word = merged(memory, old, number(scope, write.data()), mask);
            List<BigInteger> next = List.of(word);
            writes.add(() -> scope.memories.get(port.memory()).set(address.intValueExact(), next));
        }
        if (writing && port.rule() == ReadDuringWrite.NO_CHANGE) {
            return;
        }
        List<BigInteger> shown = List.of(port.rule() == ReadDuringWrite.WRITE_FIRST ? word : old);
        updates.add(() -> scope.state.put(port.name(), shown));
    }

    /** The write of a port on the path taken, or null. */
    private Step.PortWrite write(Scope scope, List<Step> body, String port) {
        for (Step step : body) {
            if (step instanceof Step.PortWrite write && write.port().equals(port)) {
                return write;
            } else if (writes(step, port)) {
                return write(scope, taken(scope, step), port);
            }
        }
        return null;
    }

    private static boolean writes(Step step, String port) {
        return step instanceof Step.PortWrite write && write.port().equals(port)
                || step.blocks().stream().anyMatch(block -> block.stream().anyMatch(s -> writes(s, port)));
    }

    private void write(Scope scope, Item.Memory memory, int address, BigInteger data, BigInteger mask) {
        List<List<BigInteger>> words = scope.memories.get(memory.name());
        words.set(address, List.of(merged(memory, words.get(address).get(0), data, mask)));
    }

    private static BigInteger merged(Item.Memory memory, BigInteger old, BigInteger data, BigInteger mask) {
        BigInteger word = old;
        int width = memory.word().width();
        for (int bit = 0; bit < width; bit++) {
            if (mask == null || mask.testBit(bit / (width / memory.maskBits()))) {
                word = data.testBit(bit) ? word.setBit(bit) : word.clearBit(bit);
            }
        }
        return memory.word().wrap(word);
    }

    private String line(Scope scope, Step.Print print) {
        var text = new StringBuilder();
        String format = print.format();
        int value = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                text.append(c);
                continue;
            }
            char kind = format.charAt(++i);
            if (kind == '%') {
                text.append('%');
                continue;
            }
            Term term = print.values().get(value++);
            BigInteger number = number(scope, term);
            BigInteger bits = new Shape.B(term.shape().width()).wrap(number);
            text.append(
                    switch (kind) {
                        case 'd' -> number.toString();
                        case 'x' -> bits.toString(16);
                        default -> bits.toString(2);
                    });
        }
        return text.toString();
    }

    private List<BigInteger> word(Scope scope, Item.Read read) {
        BigInteger address = number(scope, read.address());
        List<List<BigInteger>> words = scope.memories.get(read.memory());
        return address.compareTo(BigInteger.valueOf(words.size())) < 0
                ? words.get(address.intValueExact())
                : read.word().zero();
    }

    // ---- signals

    private List<BigInteger> value(Scope scope, String name) {
        List<BigInteger> state = scope.state.get(name);
        if (state != null) {
            return state;
        }
        List<BigInteger> known = scope.settled.get(name);
        if (known == null) {
            known = settle(scope, name);
            scope.settled.put(name, known);
        }
        return known;
    }

    private List<BigInteger> settle(Scope scope, String name) {
        int dot = name.indexOf('.');
        if (dot > 0) {
            Scope child = scope.children.get(name.substring(0, dot));
            return value(child, name.substring(dot + 1));
        }
        Item item = scope.items.get(name);
        if (item instanceof Item.Value value) {
            return value(scope, value.term());
        } else if (item instanceof Item.Read read) {
            return word(scope, read);
        } else if (item instanceof Item.Port port && port.input()) {
            return driven(scope.parent, scope.name + "." + name);
        }
        return driven(scope, name);
    }

    private Shape shape(Scope scope, String name) {
        int dot = name.indexOf('.');
        if (dot > 0) {
            return shape(scope.children.get(name.substring(0, dot)), name.substring(dot + 1));
        }
        Item item = scope.items.get(name);
        return item instanceof Item.Port port
                ? port.shape()
                : item instanceof Item.Register register ? register.shape() : ((Item.Wire) item).shape();
    }

    /** What the statements drive a signal with. */
    private List<BigInteger> driven(Scope scope, String target) {
        Shape shape = shape(scope, target);
        List<BigInteger> held = scope.state.get(target);
        var leaves = new ArrayList<>(
                held != null ? held : Collections.nCopies(shape.leaves().size(), null));
        List<Step> own = scope.drivers.computeIfAbsent(target, t -> only(scope.statements, t));
        drive(scope, own, target, shape, leaves);
        return leaves;
    }

    private void drive(Scope scope, List<Step> body, String target, Shape shape, List<BigInteger> leaves) {
        for (Step step : body) {
            if (step instanceof Step.Set set) {
                int at = 0;
                Shape inner = shape;
                for (int i : set.path()) {
                    at += inner.firstLeaf(i);
                    inner = inner.part(i);
                }
                put(leaves, at, value(scope, set.value()));
            } else if (step instanceof Step.SetAt set) {
                BigInteger index = number(scope, set.index());
                if (index.compareTo(BigInteger.valueOf(shape.parts())) < 0) {
                    put(leaves, shape.firstLeaf(index.intValueExact()), value(scope, set.value()));
                }
            } else {
                drive(scope, taken(scope, step), target, shape, leaves);
            }
        }
    }

    /** Statements without what says nothing about a signal, conditions included: those may depend on it. */
    private static List<Step> only(List<Step> body, String target) {
        return new Rewrite() {
            @Override
            List<Step> change(Step step) {
                return step.drives(target) ? null : List.of();
            }
        }.steps(body);
    }

    private static void put(List<BigInteger> leaves, int at, List<BigInteger> values) {
        for (int i = 0; i < values.size(); i++) {
            leaves.set(at + i, values.get(i));
        }
    }

    private List<Step> taken(Scope scope, Step step) {
        if (step instanceof Step.When when) {
            for (Step.Branch branch : when.branches()) {
                if (isTrue(scope, branch.condition())) {
                    return branch.body();
                }
            }
            return when.otherwise();
        }
        var choice = (Step.Switch) step;
        BigInteger subject = number(scope, choice.subject());
        for (Step.Case one : choice.cases()) {
            if (one.values().contains(subject)) {
                return one.body();
            }
        }
        return choice.otherwise();
    }

    // ---- expressions

    private boolean isTrue(Scope scope, Term term) {
        return number(scope, term).signum() != 0;
    }

    private BigInteger number(Scope scope, Term term) {
        return value(scope, term).get(0);
    }

    private List<BigInteger> value(Scope scope, Term term) {
        if (term.op() == Operator.REF) {
            return value(scope, term.name());
        } else if (term.op() == Operator.LIT) {
            return List.of(term.constant());
        }
        if (term.op() == Operator.MUX) {
            return value(scope, term.args().get(isTrue(scope, term.args().get(0)) ? 1 : 2));
        }
        var args = new ArrayList<List<BigInteger>>(term.args().size());
        for (Term arg : term.args()) {
            args.add(value(scope, arg));
        }
        Shape first = term.args().get(0).shape();
        switch (term.op()) {
            case SELECT:
                return at(args.get(0).get(0), args.subList(1, args.size()), term.shape());
            case ELEMENT, FIELD:
                return part(first, args.get(0), term.ints().get(0));
            case ELEMENT_AT:
                var elements = new ArrayList<List<BigInteger>>();
                for (int i = 0; i < first.parts(); i++) {
                    elements.add(part(first, args.get(0), i));
                }
                return at(args.get(1).get(0), elements, term.shape());
            case UNPACK:
                return unpack(args.get(0).get(0), term.shape());
            case CAT:
                BigInteger all = BigInteger.ZERO;
                for (int i = 0; i < args.size(); i++) {
                    Shape shape = term.args().get(i).shape();
                    all = all.shiftLeft(shape.width()).or(pack(shape, args.get(i)));
                }
                return List.of(all);
            case AS_BITS:
                return List.of(pack(first, args.get(0)));
            default:
                BigInteger b = args.size() > 1 ? args.get(1).get(0) : term.constant();
                return List.of(operate(term, first, args.get(0).get(0), b));
        }
    }

    private static List<BigInteger> at(BigInteger index, List<List<BigInteger>> elements, Shape shape) {
        return index.compareTo(BigInteger.valueOf(elements.size())) < 0
                ? elements.get(index.intValueExact())
                : shape.zero();
    }

    private static List<BigInteger> part(Shape shape, List<BigInteger> leaves, int index) {
        int from = shape.firstLeaf(index);
        return leaves.subList(from, from + shape.part(index).leaves().size());
    }

    private static BigInteger pack(Shape shape, List<BigInteger> leaves) {
        if (shape.ground()) {
            return bits(shape, leaves.get(0));
        }
        List<Shape> shapes = shape.leaves();
        BigInteger bits = BigInteger.ZERO;
        for (int leaf : shape.msbFirst()) {
            int width = shapes.get(leaf).width();
            bits = bits.shiftLeft(width).or(new Shape.B(width).wrap(leaves.get(leaf)));
        }
        return bits;
    }

    private static List<BigInteger> unpack(BigInteger bits, Shape shape) {
        List<Shape> shapes = shape.leaves();
        var leaves = new ArrayList<>(shape.zero());
        int high = shape.width();
        for (int leaf : shape.msbFirst()) {
            high -= shapes.get(leaf).width();
            leaves.set(leaf, shapes.get(leaf).wrap(bits.shiftRight(high)));
        }
        return leaves;
    }

    private static BigInteger operate(Term term, Shape shape, BigInteger a, BigInteger b) {
        int n = term.ints().isEmpty() ? 0 : term.ints().get(0);
        int w = shape.width();
        return switch (term.op()) {
            case ADD -> a.add(b);
            case SUB -> a.subtract(b);
            case MUL -> a.multiply(b);
            case WRAP_ADD -> term.shape().wrap(a.add(b));
            case WRAP_SUB -> term.shape().wrap(a.subtract(b));
            case DIV -> b.signum() != 0 ? a.divide(b) : shape instanceof Shape.S ? b.not() : shape.max();
            case REM -> b.signum() == 0 ? a : a.remainder(b);
            case NEG -> a.negate();
            case ABS -> a.abs();
            case IS_NEGATIVE -> truth(a.signum() < 0);
            case MIN -> a.min(b);
            case MAX -> a.max(b);
            case SHL_BY -> a.shiftLeft(n);
            case SHL -> a.shiftLeft(b.intValueExact());
            case SHL_WRAP ->
                b.compareTo(BigInteger.valueOf(w)) >= 0 ? BigInteger.ZERO : shape.wrap(a.shiftLeft(b.intValueExact()));
            case SHR_BY -> term.shape().wrap(a.shiftRight(n));
            case SHR -> a.shiftRight(b.min(BigInteger.valueOf(w)).intValueExact());
            case AND -> a.and(b);
            case OR -> a.or(b);
            case XOR -> a.xor(b);
            case NOT -> shape.wrap(a.not());
            case AND_NOT -> a.andNot(b);
            case EQ -> truth(a.equals(b));
            case NE -> truth(!a.equals(b));
            case LT -> truth(a.compareTo(b) < 0);
            case LE -> truth(a.compareTo(b) <= 0);
            case GT -> truth(a.compareTo(b) > 0);
            case GE -> truth(a.compareTo(b) >= 0);
            case OR_R -> truth(a.signum() != 0);
            case AND_R -> truth(bits(shape, a).bitCount() == w);
            case XOR_R -> truth(bits(shape, a).bitCount() % 2 == 1);
            case BIT_AT -> truth(a.testBit(n));
            case BIT -> truth(b.compareTo(BigInteger.valueOf(w)) < 0 && a.testBit(b.intValueExact()));
            case BITS -> term.shape().wrap(a.shiftRight(term.ints().get(1)));
            case TRUNCATE, AS_UINT, AS_SINT, AS_BOOL -> term.shape().wrap(a);
            case EXTEND, TO_SINT, CROSSING -> a;
            case SATURATE -> a.max(term.shape().min()).min(term.shape().max());
            case FILL -> a.signum() == 0 ? a : term.shape().max();
            default -> throw new AssertionError(term.op());
        };
    }

    private static BigInteger bits(Shape shape, BigInteger value) {
        return value.signum() < 0 ? new Shape.B(shape.width()).wrap(value) : value;
    }

    private static BigInteger truth(boolean value) {
        return value ? BigInteger.ONE : BigInteger.ZERO;
    }
}
