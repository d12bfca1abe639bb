// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.random;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Node;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.ir.UnaryOp;
import dev.lutra.hdl.ir.Wire;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A random circuit by seed: all operators, widths 1 to 200, both signs, enumerations, nested conditions, switches,
 * memories, instances. Without combinational loops, every signal driven on every path.
 */
public final class RandomCircuit {

    /** Icarus 11 does not return from some divisions of more than 64 bits. */
    private static final int DIVISION_BITS = 56;

    private final Random random;
    private final int size;
    private final List<Module> modules = new ArrayList<>();
    private final String prefix;

    private RandomCircuit(long seed, int size) {
        this.random = new Random(seed);
        this.size = size;
        this.prefix = "R" + Long.toUnsignedString(seed) + "_";
    }

    /**
     * The circuit of a seed.
     *
     * @param size number of things in a module; 2 makes small circuits, 10 large ones
     */
    public static Circuit of(long seed, int size) {
        var generator = new RandomCircuit(seed, size);
        int count = 1 + generator.random.nextInt(3);
        for (int i = 0; i < count; i++) {
            generator.modules.add(generator.new Body(generator.prefix + i).build());
        }
        Module top = generator.modules.get(count - 1);
        return new Circuit(top, generator.reachable(top));
    }

    private List<Module> reachable(Module top) {
        return modules.stream().filter(m -> m == top || uses(top, m)).toList();
    }

    private static boolean uses(Module from, Module wanted) {
        return from.instances().stream().anyMatch(i -> i.module() == wanted || uses(i.module(), wanted));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private int width() {
        return switch (random.nextInt(8)) {
            case 0 -> 1;
            case 1, 2 -> 1 + random.nextInt(8);
            case 3 -> 8 + random.nextInt(25);
            case 4 -> 31 + random.nextInt(3);
            case 5 -> 62 + random.nextInt(5);
            case 6 -> 1 + random.nextInt(64);
            default -> 65 + random.nextInt(136);
        };
    }

    private Type type() {
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> new Type.UInt(width());
            case 3, 4, 5 -> new Type.SInt(width());
            case 6 -> new Type.Bits(width());
            case 7 -> new Type.Bool();
            default -> enumeration();
        };
    }

    private Type.Enumeration enumeration() {
        int count = 1 + random.nextInt(6);
        var values = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            values.add("V" + i);
        }
        int width = Math.max(1, 32 - Integer.numberOfLeadingZeros(count - 1));
        return new Type.Enumeration("E" + count, values, width);
    }

    private static Type number(boolean signed, int width) {
        return signed ? new Type.SInt(width) : new Type.UInt(width);
    }

    private BigInteger constant(Type type) {
        if (type instanceof Type.Enumeration names) {
            return BigInteger.valueOf(random.nextInt(names.values().size()));
        }
        return switch (random.nextInt(6)) {
            case 0 -> BigInteger.ZERO;
            case 1 -> type.wrap(BigInteger.ONE);
            case 2 -> type.min();
            case 3 -> type.max();
            case 4 -> type.wrap(BigInteger.valueOf(random.nextInt(16)));
            default -> type.wrap(new BigInteger(type.width(), random));
        };
    }

    /** One module under construction. */
    private final class Body {
        private final String name;
        private final List<Port> ports = new ArrayList<>();
        private final List<Wire> wires = new ArrayList<>();
        private final List<Node> nodes = new ArrayList<>();
        private final List<Register> registers = new ArrayList<>();
        private final List<Memory> memories = new ArrayList<>();
        private final List<ReadPort> readPorts = new ArrayList<>();
        private final List<Instance> instances = new ArrayList<>();
        private final List<List<Statement>> groups = new ArrayList<>();
        private final List<Signal> readable = new ArrayList<>();
        private final List<Expr> made = new ArrayList<>();
        private int line = 1;
        private int serial;

        Body(String name) {
            this.name = name;
        }

        Module build() {
            int inputs = 1 + random.nextInt(4);
            for (int i = 0; i < inputs; i++) {
                var port = new Port("i" + i, type(), Direction.IN, loc());
                ports.add(port);
                readable.add(port);
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                Type type = type();
                var register = new Register(fresh("r"), type, chance(70) ? constant(type) : null, loc());
                registers.add(register);
                readable.add(register);
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                memory();
            }
            for (int i = 0; i < size; i++) {
                thing();
            }
            drive(new ArrayList<>(registers), true);
            memories.forEach(this::writes);
            for (int i = random.nextInt(3); i > 0; i--) {
                groups.add(List.of(watch(2)));
            }
            boolean watches = groups.stream().flatMap(List::stream).anyMatch(Body::watches);
            int outputs = 1 + random.nextInt(3);
            for (int i = 0; i < outputs; i++) {
                var port = new Port("o" + i, type(), Direction.OUT, loc());
                ports.add(port);
                drive(List.of(port), false);
            }
            Collections.shuffle(groups, random);
            List<Statement> body = groups.stream().flatMap(List::stream).toList();
            boolean clock = !registers.isEmpty()
                    || watches
                    || !memories.isEmpty()
                    || instances.stream().anyMatch(i -> i.module().usesClock());
            boolean reset = watches
                    || registers.stream().anyMatch(r -> r.init() != null)
                    || instances.stream().anyMatch(i -> i.module().usesReset());
            return new Module(
                    name,
                    "random." + name,
                    "",
                    List.of(),
                    ports,
                    wires,
                    nodes,
                    registers,
                    memories,
                    readPorts,
                    instances,
                    body,
                    clock,
                    reset);
        }

        private String fresh(String kind) {
            return kind + serial++;
        }

        private Loc loc() {
            return new Loc(name + ".java", line++);
        }

        private void thing() {
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    Type type = type();
                    var node = new Node(fresh("n"), type, expr(type, 4), loc());
                    nodes.add(node);
                    readable.add(node);
                }
                case 2, 3 -> {
                    var group = new ArrayList<Signal>();
                    for (int i = 1 + random.nextInt(3); i > 0; i--) {
                        var wire = new Wire(fresh("w"), type(), loc());
                        wires.add(wire);
                        group.add(wire);
                    }
                    drive(group, false);
                    readable.addAll(group);
                }
                case 4 -> {
                    if (!modules.isEmpty()) {
                        instance();
                    }
                }
                default -> {
                    if (!memories.isEmpty()) {
                        read(pick(memories));
                    }
                }
            }
        }

        private void memory() {
            Type type = type();
            int depth = 1 + random.nextInt(20);
            var divisors = new ArrayList<Integer>();
            for (int d = 1; d <= Math.min(8, type.width()); d++) {
                if (type.width() % d == 0) {
                    divisors.add(d);
                }
            }
            var init = new ArrayList<BigInteger>();
            if (chance(50)) {
                for (int i = random.nextInt(depth + 1); i > 0; i--) {
                    init.add(constant(type));
                }
            }
            memories.add(new Memory(fresh("m"), type, depth, chance(50) ? pick(divisors) : 0, init, loc()));
        }

        private Expr address(Memory memory) {
            int exact = Math.max(1, 32 - Integer.numberOfLeadingZeros(memory.depth() - 1));
            Type type = new Type.UInt(chance(70) ? exact : 1 + random.nextInt(8));
            Expr address = expr(type, 2);
            return address instanceof Expr.Literal ? new Expr.Literal(BigInteger.ZERO, type) : address;
        }

        private void read(Memory memory) {
            int latency = random.nextInt(2);
            Expr enable = latency == 1 && chance(50) ? bool(2) : null;
            var port = new ReadPort(fresh("q"), memory, address(memory), enable, latency, loc());
            readPorts.add(port);
            readable.add(port);
        }

        private void writes(Memory memory) {
            if (readPorts.stream().noneMatch(p -> p.memory() == memory)) {
                read(memory);
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                Expr mask = memory.maskBits() > 0 && chance(80) ? expr(new Type.Bits(memory.maskBits()), 2) : null;
                Statement write =
                        new Statement.MemoryWrite(memory, address(memory), expr(memory.type(), 2), mask, loc());
                groups.add(
                        chance(70)
                                ? List.of(new Statement.When(bool(2), List.of(write), List.of(), loc()))
                                : List.of(write));
            }
        }

        /** Prints or covers something, under conditions; never fails or stops. */
        private Statement watch(int depth) {
            if (depth > 0 && chance(60)) {
                var then = new ArrayList<Statement>(List.of(watch(depth - 1)));
                if (!registers.isEmpty() && chance(30)) {
                    then.add(0, assign(pick(registers)));
                }
                return new Statement.When(bool(2), then, chance(30) ? List.of(watch(depth - 1)) : List.of(), loc());
            }
            if (chance(25)) {
                return new Statement.Check(Statement.Claim.COVER, bool(3), "something " + serial++, loc());
            }
            String format = name + " " + serial++ + " \"%x\" %b%% %d";
            var values = List.of(expr(type(), 2), expr(type(), 2), expr(type(), 1));
            return new Statement.Print(format, values, loc());
        }

        private static boolean watches(Statement statement) {
            return statement instanceof Statement.Watch
                    || statement instanceof Statement.When when
                            && (when.then().stream().anyMatch(Body::watches)
                                    || when.otherwise().stream().anyMatch(Body::watches));
        }

        private void instance() {
            Module child = pick(modules);
            var instance = new Instance(fresh("u" + modules.size() + "i"), child, loc());
            instances.add(instance);
            for (Port port : child.ports()) {
                if (port.direction() == Direction.IN) {
                    drive(List.of(new InstancePort(instance, port)), false);
                }
            }
            for (Port port : child.ports()) {
                if (port.direction() == Direction.OUT) {
                    readable.add(new InstancePort(instance, port));
                }
            }
        }

        // ---- statements

        /** Drives all targets on every path; registers need not be. */
        private void drive(List<Signal> targets, boolean hold) {
            if (targets.isEmpty()) {
                return;
            }
            var body = new ArrayList<Statement>();
            for (Signal target : targets) {
                if (!hold || chance(30)) {
                    body.add(assign(target));
                }
            }
            int conditions = hold ? 1 + random.nextInt(2) : random.nextInt(3);
            for (int i = 0; i < conditions; i++) {
                body.add(conditional(targets, 3));
            }
            for (Signal target : targets) {
                if (hold && body.stream().noneMatch(s -> drives(s, target))) {
                    body.add(assign(target));
                }
            }
            groups.add(body);
        }

        private boolean drives(Statement statement, Signal target) {
            if (statement instanceof Statement.Assign assign) {
                return assign.target() == target;
            } else if (statement instanceof Statement.When when) {
                return when.then().stream().anyMatch(s -> drives(s, target))
                        || when.otherwise().stream().anyMatch(s -> drives(s, target));
            } else if (statement instanceof Statement.Switch choice) {
                return choice.otherwise().stream().anyMatch(s -> drives(s, target))
                        || choice.cases().stream()
                                .anyMatch(c -> c.body().stream().anyMatch(s -> drives(s, target)));
            }
            return false;
        }

        private Statement assign(Signal target) {
            return new Statement.Assign(target, expr(target.type(), 4), loc());
        }

        private Statement conditional(List<Signal> targets, int depth) {
            if (chance(60)) {
                return new Statement.When(
                        bool(3), block(targets, depth - 1), chance(50) ? block(targets, depth - 1) : List.of(), loc());
            }
            Type type = chance(50) ? enumeration() : number(chance(30), 1 + random.nextInt(5));
            var free = new ArrayList<BigInteger>();
            for (BigInteger v = type.min(); v.compareTo(type.max()) <= 0; v = v.add(BigInteger.ONE)) {
                if (!(type instanceof Type.Enumeration names)
                        || v.intValueExact() < names.values().size()) {
                    free.add(v);
                }
            }
            Collections.shuffle(free, random);
            var cases = new ArrayList<Statement.Case>();
            for (int i = 1 + random.nextInt(6); i > 0 && !free.isEmpty(); i--) {
                var values = new ArrayList<BigInteger>();
                for (int n = 1 + random.nextInt(2); n > 0 && !free.isEmpty(); n--) {
                    values.add(free.remove(0));
                }
                cases.add(new Statement.Case(values, block(targets, depth - 1), loc()));
            }
            // An enumeration holds named values only; others have no meaning to compare.
            Expr subject = type instanceof Type.Enumeration names ? named(names) : cast(expr(type, 2), type);
            return new Statement.Switch(subject, cases, chance(50) ? block(targets, depth - 1) : List.of(), loc());
        }

        private Expr named(Type.Enumeration type) {
            return new Expr.Mux(
                    bool(2), new Expr.Literal(constant(type), type), new Expr.Literal(constant(type), type), type);
        }

        private List<Statement> block(List<Signal> targets, int depth) {
            var body = new ArrayList<Statement>();
            for (int i = random.nextInt(3); i > 0; i--) {
                body.add(depth > 0 && chance(40) ? conditional(targets, depth) : assign(pick(targets)));
            }
            return body;
        }

        // ---- expressions

        private Expr bool(int depth) {
            return expr(new Type.Bool(), depth);
        }

        private Expr expr(Type type, int depth) {
            Expr expr = make(type, depth);
            if (!(expr instanceof Expr.Ref)) {
                made.add(expr);
            }
            return expr;
        }

        private Expr make(Type type, int depth) {
            if (type instanceof Type.Enumeration names) {
                return named(names);
            }
            if (depth == 0 || chance(15)) {
                return chance(75) ? leaf(type) : new Expr.Literal(constant(type), type);
            }
            if (chance(8) && !made.isEmpty()) {
                return adapt(pick(made), type);
            }
            int d = depth - 1;
            int w = type.width();
            boolean one = w == 1 && !type.signed();
            switch (random.nextInt(one ? 18 : 14)) {
                case 0, 1, 2, 3 -> {
                    var ops =
                            List.of(BinaryOp.ADD, BinaryOp.SUB, BinaryOp.MUL, BinaryOp.AND, BinaryOp.OR, BinaryOp.XOR);
                    return arithmetic(pick(ops), type, d);
                }
                case 4 -> {
                    if (w > DIVISION_BITS) {
                        return arithmetic(BinaryOp.ADD, type, d);
                    }
                    boolean signed = chance(50);
                    return new Expr.Binary(
                            chance(50) ? BinaryOp.DIV : BinaryOp.REM,
                            expr(number(signed, near(w)), d),
                            expr(number(signed, near(w)), d),
                            type);
                }
                case 5 -> {
                    return new Expr.Unary(UnaryOp.NOT, expr(kind(w), d), type);
                }
                case 6 -> {
                    return new Expr.Unary(UnaryOp.NEG, expr(number(chance(50), near(w)), d), type);
                }
                case 7 -> {
                    return new Expr.Mux(bool(d), expr(type, d), expr(type, d), type);
                }
                case 8 -> {
                    var elements = new ArrayList<Expr>();
                    for (int i = 1 + random.nextInt(5); i > 0; i--) {
                        elements.add(expr(type, d));
                    }
                    return new Expr.Select(expr(new Type.UInt(1 + random.nextInt(4)), d), elements, type);
                }
                case 9 -> {
                    int lo = random.nextInt(8);
                    int more = random.nextInt(4);
                    return cast(new Expr.Slice(expr(kind(lo + w + more), d), lo + w - 1, lo, new Type.Bits(w)), type);
                }
                case 10 -> {
                    return cast(concat(w, d), type);
                }
                case 11 -> {
                    return extension(type, d);
                }
                case 12 -> {
                    return new Expr.Truncate(expr(kind(w + random.nextInt(9)), d), type);
                }
                case 13 -> {
                    return shift(type, d);
                }
                case 14, 15 -> {
                    boolean signed = chance(50);
                    var ops = List.of(BinaryOp.EQ, BinaryOp.NE, BinaryOp.LT, BinaryOp.LE, BinaryOp.GT, BinaryOp.GE);
                    return new Expr.Binary(
                            pick(ops), expr(number(signed, width()), d), expr(number(signed, width()), d), type);
                }
                case 16 -> {
                    return new Expr.Unary(
                            pick(List.of(UnaryOp.AND_R, UnaryOp.OR_R, UnaryOp.XOR_R)), expr(kind(width()), d), type);
                }
                default -> {
                    return new Expr.Binary(
                            pick(List.of(BinaryOp.AND, BinaryOp.OR, BinaryOp.XOR)), bool(d), bool(d), type);
                }
            }
        }

        private Expr arithmetic(BinaryOp op, Type type, int d) {
            int w = type.width();
            boolean signed = chance(80) ? type.signed() : chance(50);
            if (op == BinaryOp.MUL && chance(60) && w > 1) {
                int a = 1 + random.nextInt(w - 1);
                return new Expr.Binary(op, expr(number(signed, a), d), expr(number(signed, w - a), d), type);
            }
            if (chance(50) && w > 1) {
                int other = chance(50) ? w - 1 : 1 + random.nextInt(w - 1);
                Expr a = expr(number(signed, w - 1), d);
                Expr b = expr(number(signed, other), d);
                return chance(50) ? new Expr.Binary(op, a, b, type) : new Expr.Binary(op, b, a, type);
            }
            return new Expr.Binary(op, expr(number(signed, near(w)), d), expr(number(signed, near(w)), d), type);
        }

        private int near(int width) {
            return switch (random.nextInt(4)) {
                case 0 -> width;
                case 1 -> Math.max(1, width - random.nextInt(3));
                case 2 -> width + random.nextInt(3);
                default -> 1 + random.nextInt(width + 4);
            };
        }

        private Type kind(int width) {
            return width == 1 && chance(50)
                    ? new Type.Bool()
                    : chance(20) ? new Type.Bits(width) : number(chance(50), width);
        }

        private Expr concat(int width, int d) {
            var parts = new ArrayList<Expr>();
            int left = width;
            while (left > 0) {
                int w = 1 + random.nextInt(left);
                Expr part = expr(kind(w), d);
                parts.add(part);
                left -= w;
                while (left >= w && chance(30)) {
                    parts.add(part);
                    left -= w;
                }
            }
            return new Expr.Concat(parts, new Type.UInt(width));
        }

        private Expr extension(Type type, int d) {
            Type from = kind(1 + random.nextInt(type.width()));
            return new Expr.Extend(expr(from, d), type);
        }

        private Expr shift(Type type, int d) {
            int w = type.width();
            BinaryOp op = chance(50) ? BinaryOp.SHL : BinaryOp.SHR;
            boolean signed = chance(70) ? type.signed() : chance(50);
            Expr a = expr(number(signed, op == BinaryOp.SHR && chance(60) ? w : near(w)), d);
            Type amount = new Type.UInt(1 + random.nextInt(chance(90) ? 6 : 70));
            Expr by = chance(50)
                    ? new Expr.Literal(amount.wrap(BigInteger.valueOf(random.nextInt(w + 3))), amount)
                    : expr(amount, d);
            return new Expr.Binary(op, a, by, type);
        }

        private Expr leaf(Type type) {
            for (int i = 0; i < 4; i++) {
                Signal signal = pick(readable);
                if (signal.type().sameShape(type)) {
                    return new Expr.Ref(signal);
                }
            }
            return adapt(new Expr.Ref(pick(readable)), type);
        }

        private Expr adapt(Expr expr, Type type) {
            int w = expr.type().width();
            if (w > type.width()) {
                int lo = random.nextInt(w - type.width() + 1);
                return chance(50)
                        ? new Expr.Truncate(expr, type)
                        : cast(new Expr.Slice(expr, lo + type.width() - 1, lo, new Type.Bits(type.width())), type);
            }
            if (w < type.width()) {
                return new Expr.Extend(expr, type);
            }
            return cast(expr, type);
        }

        private Expr cast(Expr expr, Type type) {
            return expr.type().equals(type) ? expr : new Expr.Reinterpret(expr, type);
        }
    }
}
