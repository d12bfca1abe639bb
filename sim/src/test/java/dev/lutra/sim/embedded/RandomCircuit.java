// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Domain;
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
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.ir.UnaryOp;
import dev.lutra.hdl.ir.Wire;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Legal circuits by seed: a few module definitions, instantiated several times, with every kind of signal, statement and
 * expression, widths up to a limit.
 */
final class RandomCircuit {
    private final Random random;
    private final int maxWidth;
    /** Results of arithmetic have the width the language gives them and are cut afterwards; else any width. */
    private final boolean grows;
    /** The kind of the reset of a second clock, null: there is one clock. */
    private final ResetKind second;

    private final List<Module> modules = new ArrayList<>();

    private RandomCircuit(long seed, int maxWidth, boolean grows, ResetKind second) {
        this.random = new Random(seed);
        this.second = second;
        this.maxWidth = maxWidth;
        this.grows = grows;
    }

    /** What the IR allows. */
    static Circuit of(long seed, int maxWidth) {
        return of(seed, maxWidth, false, null);
    }

    /** What the language can say. */
    static Circuit ofLanguage(long seed, int maxWidth) {
        return of(seed, maxWidth, true, null);
    }

    /** The same with a second clock in each module. Values cross as they like: engines need not care. */
    static Circuit ofTwoClocks(long seed, int maxWidth) {
        return of(seed, maxWidth, true, ResetKind.values()[(int) (seed % 4)]);
    }

    private static Circuit of(long seed, int maxWidth, boolean grows, ResetKind second) {
        var generator = new RandomCircuit(seed, maxWidth, grows, second);
        int definitions = 1 + generator.random.nextInt(3);
        for (int i = 0; i < definitions; i++) {
            generator.modules.add(generator.new Builder("s" + seed + "_m" + i).build());
        }
        return new Circuit(generator.modules.get(definitions - 1), generator.modules);
    }

    /** Several circuits side by side in one, for what is costly to start. */
    static Circuit together(List<Circuit> circuits) {
        var modules = new ArrayList<Module>();
        var ports = new ArrayList<Port>();
        var instances = new ArrayList<Instance>();
        var body = new ArrayList<Statement>();
        for (Circuit circuit : circuits) {
            modules.addAll(circuit.modules());
            var instance = new Instance("u_" + circuit.top().name(), circuit.top(), Loc.UNKNOWN);
            instances.add(instance);
            for (Port inner : circuit.top().ports()) {
                String name = circuit.top().name() + "_" + inner.name();
                var outer = new Port(name, inner.type(), inner.direction(), Loc.UNKNOWN);
                ports.add(outer);
                var pin = new InstancePort(instance, inner);
                boolean in = inner.direction() == Direction.IN;
                body.add(
                        in
                                ? new Statement.Assign(pin, new Expr.Ref(outer), Loc.UNKNOWN)
                                : new Statement.Assign(outer, new Expr.Ref(pin), Loc.UNKNOWN));
            }
        }
        boolean clock = modules.stream().anyMatch(Module::usesClock);
        boolean reset = modules.stream().anyMatch(Module::usesReset);
        var top = new Module(
                "together",
                "together",
                "",
                List.of(),
                ports,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                instances,
                body,
                clock,
                reset);
        modules.add(top);
        return new Circuit(top, modules);
    }

    /** A value of a type, often an extreme one. */
    static BigInteger number(Random random, Type type) {
        return switch (random.nextInt(6)) {
            case 0 -> BigInteger.ZERO;
            case 1 -> type.max();
            case 2 -> type.min();
            case 3 -> type.wrap(BigInteger.valueOf(random.nextInt(16)));
            default -> type.wrap(new BigInteger(type.width(), random));
        };
    }

    private final class Builder {
        private final String name;
        private final List<Port> ports = new ArrayList<>();
        private final List<Wire> wires = new ArrayList<>();
        private final List<Node> nodes = new ArrayList<>();
        private final List<Register> registers = new ArrayList<>();
        private final List<Memory> memories = new ArrayList<>();
        private final List<ReadPort> readPorts = new ArrayList<>();
        private final List<Instance> instances = new ArrayList<>();
        private final List<Statement> body = new ArrayList<>();
        private final Map<Memory, Domain> writers = new HashMap<>();
        private Port clock;
        private Port reset;
        /** What expressions may refer to at this point, so that no loop arises. */
        private final List<Signal> readable = new ArrayList<>();

        Builder(String name) {
            this.name = name;
        }

        Module build() {
            if (second != null) {
                secondClock();
            }
            int inputs = 1 + random.nextInt(5);
            for (int i = 0; i < inputs; i++) {
                var port = new Port("in" + i, type(), Direction.IN, Loc.UNKNOWN);
                ports.add(port);
                readable.add(port);
            }
            int count = random.nextInt(7);
            for (int i = 0; i < count; i++) {
                Type type = type();
                var register = new Register(
                        "r" + i, type, random.nextBoolean() ? number(random, type) : null, domain(), Loc.UNKNOWN);
                registers.add(register);
                readable.add(register);
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                memory(i);
            }
            int steps = 4 + random.nextInt(16);
            for (int i = 0; i < steps; i++) {
                switch (random.nextInt(6)) {
                    case 0, 1 -> node(i);
                    case 2 -> wire(i);
                    case 3 -> readPort(i);
                    case 4 -> instance(i);
                    default -> {
                        if (!registers.isEmpty()) {
                            statement(List.copyOf(registers), 0, body);
                        }
                    }
                }
            }
            for (Register register : registers) {
                statement(List.of(register), 0, body);
            }
            for (Memory memory : memories) {
                for (int i = 1 + random.nextInt(2); i > 0; i--) {
                    write(memory);
                }
            }
            int outputs = 1 + random.nextInt(4);
            for (int i = 0; i < outputs; i++) {
                var port = new Port("out" + i, type(), Direction.OUT, Loc.UNKNOWN);
                ports.add(port);
                drive(port);
            }
            boolean watches = random.nextInt(3) == 0;
            if (watches) {
                watch();
            }
            boolean clock = watches
                    || !registers.isEmpty()
                    || !memories.isEmpty()
                    || instances.stream().anyMatch(instance -> instance.module().usesClock());
            boolean reset = watches
                    || registers.stream().anyMatch(register -> register.init() != null)
                    || instances.stream().anyMatch(instance -> instance.module().usesReset());
            return new Module(
                    name, name, "", List.of(), ports, wires, nodes, registers, memories, readPorts, instances, body,
                    clock, reset);
        }

        private void secondClock() {
            clock = new Port("fast", new Type.Clock(), Direction.IN, Loc.UNKNOWN);
            reset = new Port("fast_rst", new Type.Reset(second), Direction.IN, Loc.UNKNOWN);
            ports.add(clock);
            ports.add(reset);
        }

        private Domain domain() {
            return clock == null || random.nextBoolean() ? Domain.OWN : new Domain(clock, reset);
        }

        private void memory(int i) {
            Type type = type();
            int depth = 1 + random.nextInt(20);
            int maskBits = 0;
            if (random.nextBoolean()) {
                maskBits = 1 + random.nextInt(type.width());
                while (type.width() % maskBits != 0) {
                    maskBits--;
                }
            }
            var init = new ArrayList<BigInteger>();
            for (int k = random.nextInt(depth + 1); k > 0; k--) {
                init.add(number(random, type));
            }
            memories.add(new Memory("mem" + i, type, depth, maskBits, init, Loc.UNKNOWN));
        }

        private void node(int i) {
            Type type = type();
            var node = new Node("n" + i, type, expr(type, 3), Loc.UNKNOWN);
            nodes.add(node);
            readable.add(node);
        }

        private void wire(int i) {
            var wire = new Wire("w" + i, type(), Loc.UNKNOWN);
            wires.add(wire);
            drive(wire);
            readable.add(wire);
        }

        private void readPort(int i) {
            if (memories.isEmpty()) {
                return;
            }
            Memory memory = memories.get(random.nextInt(memories.size()));
            int latency = random.nextInt(2);
            Expr enable = latency == 1 && random.nextBoolean() ? expr(new Type.Bool(), 2) : null;
            var port = new ReadPort("rd" + i, memory, address(), enable, latency, domain(), Loc.UNKNOWN);
            readPorts.add(port);
            readable.add(port);
        }

        private Expr address() {
            return expr(new Type.UInt(1 + random.nextInt(random.nextInt(6) == 0 ? 70 : 5)), 2);
        }

        /** Prints something and covers something, under a condition. */
        private void watch() {
            var print = new Statement.Print(
                    name + " \"%d\" %x %b%%",
                    List.of(expr(type(), 2), expr(type(), 2), expr(type(), 1)),
                    domain(),
                    Loc.UNKNOWN);
            var cover = new Statement.Check(
                    Statement.Claim.COVER, expr(new Type.Bool(), 3), "something", domain(), new Loc(name + ".java", 1));
            body.add(new Statement.When(expr(new Type.Bool(), 2), List.of(print), List.of(cover), Loc.UNKNOWN));
        }

        private void instance(int i) {
            if (modules.isEmpty()) {
                return;
            }
            Module child = modules.get(random.nextInt(modules.size()));
            Domain domain = second == ResetKind.SYNC || !child.usesReset() ? domain() : Domain.OWN;
            var instance = new Instance("u" + i, child, domain, Loc.UNKNOWN);
            instances.add(instance);
            for (Port port : instance.module().ports()) {
                Signal same =
                        port.type() instanceof Type.Clock ? clock : port.type() instanceof Type.Reset ? reset : null;
                if (same != null) {
                    body.add(new Statement.Assign(new InstancePort(instance, port), new Expr.Ref(same), Loc.UNKNOWN));
                } else if (port.direction() == Direction.IN) {
                    drive(new InstancePort(instance, port));
                }
            }
            for (Port port : instance.module().ports()) {
                if (port.direction() == Direction.OUT) {
                    readable.add(new InstancePort(instance, port));
                }
            }
        }

        private void write(Memory memory) {
            Expr mask =
                    memory.maskBits() > 0 && random.nextBoolean() ? expr(new Type.Bits(memory.maskBits()), 1) : null;
            Statement write = new Statement.MemoryWrite(
                    memory,
                    address(),
                    expr(memory.type(), 2),
                    mask,
                    writers.computeIfAbsent(memory, m -> domain()),
                    Loc.UNKNOWN);
            body.add(
                    random.nextInt(3) == 0
                            ? write
                            : new Statement.When(expr(new Type.Bool(), 2), List.of(write), List.of(), Loc.UNKNOWN));
        }

        /** Assigns a combinational target on every path. */
        private void drive(Signal target) {
            body.add(new Statement.Assign(target, expr(target.type(), 3), Loc.UNKNOWN));
            if (random.nextInt(3) == 0) {
                statement(List.of(target), 0, body);
            }
        }

        private void statement(List<? extends Signal> targets, int depth, List<Statement> into) {
            Signal target = targets.get(random.nextInt(targets.size()));
            int kind = depth > 2 ? 0 : random.nextInt(4);
            if (kind <= 1) {
                into.add(new Statement.Assign(target, expr(target.type(), 3), Loc.UNKNOWN));
            } else if (kind == 2) {
                var then = new ArrayList<Statement>();
                var otherwise = new ArrayList<Statement>();
                statement(targets, depth + 1, then);
                if (random.nextBoolean()) {
                    statement(targets, depth + 1, otherwise);
                }
                into.add(new Statement.When(expr(new Type.Bool(), 2), then, otherwise, Loc.UNKNOWN));
            } else {
                Type subject = random.nextInt(4) == 0
                        ? new Type.SInt(2 + random.nextInt(4))
                        : new Type.UInt(1 + random.nextInt(4));
                var cases = new ArrayList<Statement.Case>();
                for (BigInteger v = subject.min(); v.compareTo(subject.max()) <= 0; v = v.add(BigInteger.ONE)) {
                    if (random.nextInt(4) > 0) {
                        var inner = new ArrayList<Statement>();
                        statement(targets, depth + 2, inner);
                        cases.add(new Statement.Case(List.of(v), inner, Loc.UNKNOWN));
                    }
                }
                var otherwise = new ArrayList<Statement>();
                statement(targets, depth + 2, otherwise);
                into.add(new Statement.Switch(expr(subject, 2), cases, otherwise, Loc.UNKNOWN));
            }
        }

        private Type type() {
            return type(random.nextBoolean());
        }

        private Type type(boolean signed) {
            int limit = random.nextInt(4) == 0 ? maxWidth : Math.min(maxWidth, random.nextBoolean() ? 8 : 40);
            int width = random.nextInt(5) == 0
                    ? Math.min(maxWidth, new int[] {1, 31, 32, 33, 63, 64, 65, 127, 128, 129}[random.nextInt(10)])
                    : 1 + random.nextInt(limit);
            if (signed) {
                return new Type.SInt(width);
            }
            return width == 1 ? new Type.Bool() : random.nextBoolean() ? new Type.UInt(width) : new Type.Bits(width);
        }

        private Expr leaf(Type type) {
            if (readable.isEmpty() || !grows && random.nextInt(5) == 0) {
                return new Expr.Literal(number(random, type), type);
            }
            return fit(new Expr.Ref(readable.get(random.nextInt(readable.size()))), type);
        }

        /** A value with the shape of a type made of any other value. */
        private Expr fit(Expr a, Type type) {
            Type from = a.type();
            if (from.sameShape(type)) {
                return a;
            }
            if (from.width() == type.width()) {
                return new Expr.Reinterpret(a, type);
            }
            if (from.width() > type.width()) {
                return new Expr.Truncate(a, type);
            }
            if (from.signed() == type.signed()) {
                return new Expr.Extend(a, type);
            }
            Type same = type.signed() ? new Type.SInt(from.width()) : new Type.UInt(from.width());
            return new Expr.Extend(new Expr.Reinterpret(a, same), type);
        }

        private Expr expr(Type type, int depth) {
            if (depth == 0 || random.nextInt(6) == 0) {
                return leaf(type);
            }
            int inner = depth - 1;
            boolean bool = type.width() == 1 && !type.signed();
            if (bool && random.nextInt(3) > 0) {
                return condition(inner);
            }
            switch (random.nextInt(12)) {
                case 0 -> {
                    Type a = random.nextBoolean() ? new Type.SInt(type.width()) : new Type.UInt(type.width());
                    return new Expr.Unary(UnaryOp.NOT, expr(a, inner), type);
                }
                case 1 -> {
                    Expr a = expr(type(), inner);
                    Type own = grows ? new Type.SInt(a.type().width() + 1) : type;
                    return fit(new Expr.Unary(UnaryOp.NEG, a, own), type);
                }
                case 2, 3, 4 -> {
                    BinaryOp[] ops = {
                        BinaryOp.ADD,
                        BinaryOp.SUB,
                        BinaryOp.MUL,
                        BinaryOp.DIV,
                        BinaryOp.REM,
                        BinaryOp.AND,
                        BinaryOp.OR,
                        BinaryOp.XOR
                    };
                    boolean signed = random.nextBoolean();
                    BinaryOp op = ops[random.nextInt(ops.length)];
                    Expr a = expr(type(signed), inner);
                    Expr b = expr(type(signed), inner);
                    return fit(new Expr.Binary(op, a, b, grows ? grown(op, a.type(), b.type()) : type), type);
                }
                case 5 -> {
                    int width = 1 + random.nextInt(!grows && random.nextInt(8) == 0 ? 70 : 7);
                    BinaryOp op = random.nextBoolean() ? BinaryOp.SHL : BinaryOp.SHR;
                    Expr a = expr(type(), inner);
                    Expr b = expr(new Type.UInt(width), inner);
                    return fit(new Expr.Binary(op, a, b, grows ? a.type() : type), type);
                }
                case 6 -> {
                    return new Expr.Mux(expr(new Type.Bool(), inner), expr(type, inner), expr(type, inner), type);
                }
                case 7 -> {
                    return select(type, inner);
                }
                case 8, 9 -> {
                    Type wider = new Type.UInt(type.width() + random.nextInt(maxWidth));
                    int lo = random.nextInt(wider.width() - type.width() + 1);
                    Type of = random.nextBoolean() ? wider : new Type.SInt(wider.width());
                    return new Expr.Slice(expr(of, inner), lo + type.width() - 1, lo, type);
                }
                case 10 -> {
                    return concat(type, inner);
                }
                default -> {
                    return fit(expr(type(), inner), type);
                }
            }
        }

        private Type grown(BinaryOp op, Type a, Type b) {
            int longer = Math.max(a.width(), b.width());
            boolean signed = a.signed();
            return switch (op) {
                case ADD -> signed ? new Type.SInt(longer + 1) : new Type.UInt(longer + 1);
                case SUB -> new Type.SInt(longer + 1);
                case MUL -> signed ? new Type.SInt(a.width() + b.width()) : new Type.UInt(a.width() + b.width());
                case DIV -> signed ? new Type.SInt(a.width() + 1) : new Type.UInt(a.width());
                case REM -> a;
                default -> signed ? new Type.SInt(longer) : new Type.UInt(longer);
            };
        }

        private Expr condition(int depth) {
            Type bool = new Type.Bool();
            if (random.nextInt(4) == 0) {
                UnaryOp[] ops = {UnaryOp.AND_R, UnaryOp.OR_R, UnaryOp.XOR_R, UnaryOp.NOT};
                UnaryOp op = ops[random.nextInt(ops.length)];
                return new Expr.Unary(op, expr(op == UnaryOp.NOT ? bool : type(), depth), bool);
            }
            BinaryOp[] ops = {BinaryOp.EQ, BinaryOp.NE, BinaryOp.LT, BinaryOp.LE, BinaryOp.GT, BinaryOp.GE};
            boolean signed = random.nextBoolean();
            Type type = type(signed);
            Type other = random.nextBoolean() ? type : type(signed);
            return new Expr.Binary(ops[random.nextInt(ops.length)], expr(type, depth), expr(other, depth), bool);
        }

        private Expr select(Type type, int depth) {
            int size = 1 + random.nextInt(random.nextInt(3) == 0 ? 12 : 5);
            var elements = new ArrayList<Expr>();
            for (int i = 0; i < size; i++) {
                boolean again = !elements.isEmpty() && random.nextInt(3) == 0;
                elements.add(again ? elements.get(random.nextInt(elements.size())) : expr(type, Math.min(depth, 1)));
            }
            int indexWidth = 1 + random.nextInt(random.nextInt(8) == 0 ? 40 : 4);
            return new Expr.Select(expr(new Type.UInt(indexWidth), depth), elements, type);
        }

        private Expr concat(Type type, int depth) {
            var parts = new ArrayList<Expr>();
            int left = type.width();
            while (left > 0) {
                int width = 1 + random.nextInt(left);
                Type part = random.nextBoolean() ? new Type.SInt(width) : new Type.UInt(width);
                parts.add(expr(part, Math.min(depth, 1)));
                left -= width;
            }
            return new Expr.Concat(parts, type);
        }
    }
}
