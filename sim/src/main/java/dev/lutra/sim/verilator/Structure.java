// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import dev.lutra.hdl.ir.BlackBox;
import dev.lutra.hdl.ir.Circuit;
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
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.ir.Wire;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A number of 128 bits for all that makes the Verilog of a circuit, but its comments: names, types, expressions with what they share,
 * statements, contents of memories, black boxes with their text, and places where a message of the design names them. Equal circuits
 * have the same in every process. Against accident, not malice: a cryptographic hash would take longer to start than the rest.
 *
 * <p>The circuit is written as a sequence of words that tells it apart from any other, and hashed on the way: something already written
 * is the number of its first appearance, lists begin with their length, alternatives with their kind.
 */
final class Structure {
    private static final int NOTHING = -1;

    // Kinds of expression and of statement.
    private static final int SEEN = 0;
    private static final int REF = 1;
    private static final int LITERAL = 2;
    private static final int UNARY = 3;
    private static final int BINARY = 4;
    private static final int MUX = 5;
    private static final int SELECT = 6;
    private static final int SLICE = 7;
    private static final int CONCAT = 8;
    private static final int EXTEND = 9;
    private static final int TRUNCATE = 10;
    private static final int REINTERPRET = 11;
    private static final int ASSIGN = 12;
    private static final int WHEN = 13;
    private static final int SWITCH = 14;
    private static final int WRITE = 15;
    private static final int CHECK = 16;
    private static final int PRINT = 17;
    private static final int STOP = 18;

    private final IdentityHashMap<Object, Integer> numbers = new IdentityHashMap<>(4096);
    private final IdentityHashMap<Expr, Integer> written = new IdentityHashMap<>(4096);
    private final ArrayDeque<Expr> open = new ArrayDeque<>();
    private long a = 0x243F6A8885A308D3L;
    private long b = 0x13198A2E03707344L;

    private Structure() {}

    /** The number as 32 hexadecimal digits. */
    static String of(Circuit circuit) {
        var structure = new Structure();
        for (Module module : circuit.modules()) {
            structure.module(module);
        }
        return structure.digits();
    }

    private String digits() {
        add(NOTHING);
        add(NOTHING);
        return hexadecimal(a) + hexadecimal(b);
    }

    private static String hexadecimal(long word) {
        String digits = Long.toHexString(word);
        return "0".repeat(16 - digits.length()) + digits;
    }

    /** Any two words change both halves, and for a given word each state has one follower and one predecessor. */
    private void add(long word) {
        a = (a ^ word) * 0x9E3779B97F4A7C15L;
        a ^= a >>> 31;
        b = (Long.rotateLeft(b, 27) + (word ^ a)) * 0xC2B2AE3D27D4EB4FL;
        b ^= b >>> 29;
    }

    private void add(@Nullable String text) {
        if (text == null) {
            add(NOTHING);
            return;
        }
        int length = text.length();
        add(length);
        long word = 0;
        for (int i = 0; i < length; i++) {
            word = word << 16 | text.charAt(i);
            if ((i & 3) == 3) {
                add(word);
            }
        }
        if ((length & 3) != 0) {
            add(word);
        }
    }

    private void add(boolean flag) {
        add(flag ? 1 : 0);
    }

    private void add(Enum<?> choice) {
        add(choice.ordinal());
    }

    private void add(BigInteger value) {
        if (value.bitLength() < Long.SIZE) {
            add(0);
            add(value.longValue());
            return;
        }
        byte[] bytes = value.toByteArray();
        add(bytes.length);
        for (byte part : bytes) {
            add(part);
        }
    }

    private void addAll(List<BigInteger> values) {
        add(values.size());
        for (BigInteger value : values) {
            add(value);
        }
    }

    private void add(Type type) {
        if (type instanceof Type.UInt) {
            add(0);
        } else if (type instanceof Type.SInt) {
            add(1);
        } else if (type instanceof Type.Bits) {
            add(2);
        } else if (type instanceof Type.Bool) {
            add(3);
        } else if (type instanceof Type.Clock) {
            add(4);
        } else if (type instanceof Type.Fixed fixed) {
            add(5);
            add(fixed.signed());
            add(fixed.fractionBits());
        } else if (type instanceof Type.Reset reset) {
            add(6);
            add(reset.kind());
        } else if (type instanceof Type.Enumeration names) {
            add(7);
            add(names.name());
            names.values().forEach(this::add);
            addAll(names.codes());
        } else {
            throw new AssertionError(type);
        }
        add(type.width());
    }

    /** Gives something the next number; what refers to it writes that. */
    private void number(Object thing) {
        numbers.put(thing, numbers.size());
    }

    private void refer(@Nullable Object thing) {
        if (thing == null) {
            add(NOTHING);
        } else if (thing instanceof InstancePort port) {
            refer(port.instance());
            refer(port.port());
        } else {
            Integer number = numbers.get(thing);
            if (number == null) {
                throw new AssertionError(thing + " is used before it is declared");
            }
            add(number);
        }
    }

    private void add(Domain domain) {
        refer(domain.clock());
        refer(domain.reset());
    }

    private void place(Loc loc) {
        add(loc.toString());
    }

    private void declare(Signal signal) {
        number(signal);
        add(signal.name());
        add(signal.type());
    }

    private void module(Module module) {
        number(module);
        add(module.name());
        add(module.usesClock());
        add(module.usesReset());
        add(module.reset());
        add(module.ports().size());
        for (Port port : module.ports()) {
            declare(port);
            add(port.direction());
        }
        add(module.instances().size());
        for (Instance instance : module.instances()) {
            number(instance);
            add(instance.name());
            refer(instance.module());
        }
        add(module.wires().size());
        for (Wire wire : module.wires()) {
            declare(wire);
        }
        add(module.memories().size());
        for (Memory memory : module.memories()) {
            number(memory);
            add(memory.name());
            add(memory.type());
            add(memory.depth());
            add(memory.maskBits());
            addAll(memory.init());
        }
        // Everything is declared before anything that may refer to it is written.
        add(module.registers().size());
        for (Register register : module.registers()) {
            declare(register);
        }
        add(module.readPorts().size());
        for (ReadPort port : module.readPorts()) {
            declare(port);
        }
        add(module.nodes().size());
        for (Node node : module.nodes()) {
            declare(node);
        }
        for (Instance instance : module.instances()) {
            add(instance.domain());
        }
        for (Register register : module.registers()) {
            add(register.init() != null);
            if (register.init() != null) {
                add(register.init());
            }
            add(register.domain());
        }
        for (ReadPort port : module.readPorts()) {
            refer(port.memory());
            add(port.latency());
            add(port.domain());
            add(port.rule() == null ? NOTHING : port.rule().ordinal());
            add(port.address());
            optional(port.enable());
        }
        for (Node node : module.nodes()) {
            add(node.value());
        }
        block(module.body());
        add(module.attributes().size());
        for (Map.Entry<String, Map<String, String>> of : new TreeMap<>(module.attributes()).entrySet()) {
            add(of.getKey());
            add(of.getValue().size());
            new TreeMap<>(of.getValue()).forEach((name, value) -> {
                add(name);
                add(value);
            });
        }
        box(module.box());
    }

    private void box(@Nullable BlackBox box) {
        add(box != null);
        if (box == null) {
            return;
        }
        add(box.name());
        add(box.parameters().size());
        for (BlackBox.Parameter parameter : box.parameters()) {
            add(parameter.name());
            add(parameter.value());
        }
        add(box.clock());
        add(box.reset());
        add(box.resetKind());
        add(box.modelled());
        add(box.file());
        add(box.verilog());
    }

    private void block(List<Statement> statements) {
        add(statements.size());
        for (Statement statement : statements) {
            add(statement);
        }
    }

    private void add(Statement statement) {
        if (statement instanceof Statement.Assign assign) {
            add(ASSIGN);
            refer(assign.target());
            add(assign.value());
        } else if (statement instanceof Statement.When when) {
            add(WHEN);
            add(when.cond());
            block(when.then());
            block(when.otherwise());
        } else if (statement instanceof Statement.Switch choice) {
            add(SWITCH);
            add(choice.subject());
            add(choice.cases().size());
            for (Statement.Case branch : choice.cases()) {
                addAll(branch.values());
                block(branch.body());
            }
            block(choice.otherwise());
        } else if (statement instanceof Statement.MemoryWrite write) {
            add(WRITE);
            refer(write.memory());
            add(write.address());
            add(write.data());
            optional(write.mask());
            add(write.domain());
            refer(write.port());
        } else if (statement instanceof Statement.Check check) {
            add(CHECK);
            add(check.claim());
            add(check.cond());
            add(check.message());
            add(check.domain());
            place(check.loc());
        } else if (statement instanceof Statement.Print print) {
            add(PRINT);
            add(print.format());
            add(print.values().size());
            print.values().forEach(this::add);
            add(print.domain());
            place(print.loc());
        } else if (statement instanceof Statement.Stop stop) {
            add(STOP);
            add(stop.message());
            add(stop.domain());
            place(stop.loc());
        } else {
            throw new AssertionError(statement);
        }
    }

    private void optional(@Nullable Expr expr) {
        add(expr != null);
        if (expr != null) {
            add(expr);
        }
    }

    /** Operands follow the operation; without recursion, since expressions may be deep. */
    private void add(Expr root) {
        open.push(root);
        while (!open.isEmpty()) {
            Expr expr = open.pop();
            if (expr instanceof Expr.Ref ref) {
                add(REF);
                refer(ref.signal());
                continue;
            }
            if (expr instanceof Expr.Literal literal) {
                add(LITERAL);
                add(literal.value());
                add(literal.type());
                continue;
            }
            Integer before = written.putIfAbsent(expr, written.size());
            if (before != null) {
                add(SEEN);
                add(before);
                continue;
            }
            operation(expr);
            add(expr.type());
        }
    }

    private void operation(Expr expr) {
        if (expr instanceof Expr.Binary binary) {
            add(BINARY);
            add(binary.op());
            open.push(binary.b());
            open.push(binary.a());
        } else if (expr instanceof Expr.Unary unary) {
            add(UNARY);
            add(unary.op());
            open.push(unary.a());
        } else if (expr instanceof Expr.Mux mux) {
            add(MUX);
            open.push(mux.f());
            open.push(mux.t());
            open.push(mux.cond());
        } else if (expr instanceof Expr.Slice slice) {
            add(SLICE);
            add(slice.hi());
            add(slice.lo());
            open.push(slice.a());
        } else if (expr instanceof Expr.Extend extend) {
            add(EXTEND);
            open.push(extend.a());
        } else if (expr instanceof Expr.Truncate truncate) {
            add(TRUNCATE);
            open.push(truncate.a());
        } else if (expr instanceof Expr.Reinterpret reinterpret) {
            add(REINTERPRET);
            add(reinterpret.crosses());
            open.push(reinterpret.a());
        } else if (expr instanceof Expr.Select select) {
            several(SELECT, select.elements());
            open.push(select.index());
        } else if (expr instanceof Expr.Concat concat) {
            several(CONCAT, concat.msbFirst());
        } else {
            throw new AssertionError(expr);
        }
    }

    private void several(int kind, List<Expr> operands) {
        add(kind);
        add(operands.size());
        for (int i = operands.size() - 1; i >= 0; i--) {
            open.push(operands.get(i));
        }
    }
}
