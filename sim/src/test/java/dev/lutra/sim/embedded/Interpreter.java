// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Node;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The IR executed as its documentation reads: statements in order, numbers of any size, nothing lowered or remembered between
 * cycles but the state. Slow.
 */
final class Interpreter {
    private final Scope top;
    private final List<Scope> scopes = new ArrayList<>();

    private static final class Scope {
        final Module module;
        final Scope parent;
        final Instance instance;
        final Map<Instance, Scope> children = new HashMap<>();
        final Map<Signal, BigInteger> state = new HashMap<>();
        final Map<Memory, BigInteger[]> memories = new HashMap<>();
        final Map<Object, BigInteger> settled = new HashMap<>();

        Scope(Module module, Scope parent, Instance instance) {
            this.module = module;
            this.parent = parent;
            this.instance = instance;
        }
    }

    Interpreter(Circuit circuit) {
        top = scope(circuit.top(), null, null);
    }

    private Scope scope(Module module, Scope parent, Instance instance) {
        var scope = new Scope(module, parent, instance);
        scopes.add(scope);
        for (Register register : module.registers()) {
            scope.state.put(register, BigInteger.ZERO);
        }
        for (ReadPort port : module.readPorts()) {
            scope.state.put(port, BigInteger.ZERO);
        }
        for (Memory memory : module.memories()) {
            var words = new BigInteger[memory.depth()];
            for (int i = 0; i < words.length; i++) {
                words[i] = i < memory.init().size() ? memory.init().get(i) : BigInteger.ZERO;
            }
            scope.memories.put(memory, words);
        }
        for (Instance child : module.instances()) {
            scope.children.put(child, scope(child.module(), scope, child));
        }
        if (parent == null) {
            module.ports().forEach(port -> scope.state.put(port, BigInteger.ZERO));
        }
        return scope;
    }

    void poke(Port port, BigInteger value) {
        top.state.put(port, value);
        scopes.forEach(scope -> scope.settled.clear());
    }

    BigInteger peek(Port port) {
        return value(top, port);
    }

    void edge(boolean reset) {
        var updates = new ArrayList<Runnable>();
        for (Scope scope : scopes) {
            for (Register register : scope.module.registers()) {
                BigInteger next = reset && register.init() != null
                        ? register.init()
                        : assigned(scope, scope.module.body(), register, value(scope, register));
                updates.add(() -> scope.state.put(register, next));
            }
            for (ReadPort port : scope.module.readPorts()) {
                if (port.latency() == 1
                        && (port.enable() == null || value(scope, port.enable()).signum() != 0)) {
                    BigInteger next = read(scope, port);
                    updates.add(() -> scope.state.put(port, next));
                }
            }
        }
        // Writes after all reads, in program order.
        for (Scope scope : scopes) {
            writes(scope, scope.module.body(), updates);
        }
        updates.forEach(Runnable::run);
        scopes.forEach(scope -> scope.settled.clear());
    }

    /** The lines printed at a rising edge outside reset. */
    List<String> printed() {
        var lines = new ArrayList<String>();
        scopes.forEach(scope -> print(scope, scope.module.body(), lines));
        return lines;
    }

    private void print(Scope scope, List<Statement> body, List<String> lines) {
        for (Statement statement : body) {
            if (statement instanceof Statement.Print print) {
                var texts = new ArrayList<String>();
                String[] parts = print.format().replace("%%", "\0").split("(?<=%[dxb])");
                for (int i = 0; i < parts.length; i++) {
                    if (i < print.values().size()) {
                        Expr expr = print.values().get(i);
                        BigInteger value = value(scope, expr);
                        BigInteger bits =
                                new dev.lutra.hdl.ir.Type.UInt(expr.type().width()).wrap(value);
                        parts[i] = parts[i].replace("%d", value.toString())
                                .replace("%x", bits.toString(16))
                                .replace("%b", bits.toString(2));
                    }
                    texts.add(parts[i].replace('\0', '%'));
                }
                lines.add(String.join("", texts));
            } else if (statement instanceof Statement.When when) {
                boolean taken = value(scope, when.cond()).signum() != 0;
                print(scope, taken ? when.then() : when.otherwise(), lines);
            } else if (statement instanceof Statement.Switch choice) {
                print(scope, branch(scope, choice), lines);
            }
        }
    }

    private void writes(Scope scope, List<Statement> body, List<Runnable> updates) {
        for (Statement statement : body) {
            if (statement instanceof Statement.MemoryWrite write) {
                BigInteger address = value(scope, write.address());
                BigInteger data = value(scope, write.data());
                BigInteger mask = write.mask() == null ? null : value(scope, write.mask());
                Memory memory = write.memory();
                BigInteger[] words = scope.memories.get(memory);
                if (address.compareTo(BigInteger.valueOf(memory.depth())) < 0) {
                    updates.add(() -> words[address.intValue()] =
                            mask == null ? data : merge(memory, words[address.intValue()], data, mask));
                }
            } else if (statement instanceof Statement.When when) {
                boolean taken = value(scope, when.cond()).signum() != 0;
                writes(scope, taken ? when.then() : when.otherwise(), updates);
            } else if (statement instanceof Statement.Switch choice) {
                writes(scope, branch(scope, choice), updates);
            }
        }
    }

    private static BigInteger merge(Memory memory, BigInteger old, BigInteger data, BigInteger mask) {
        int part = memory.type().width() / memory.maskBits();
        BigInteger result = old;
        for (int i = 0; i < memory.type().width(); i++) {
            if (bit(mask, i / part)) {
                result = bit(data, i) ? result.setBit(i) : result.clearBit(i);
            }
        }
        return memory.type().wrap(result);
    }

    private List<Statement> branch(Scope scope, Statement.Switch choice) {
        BigInteger subject = value(scope, choice.subject());
        for (Statement.Case one : choice.cases()) {
            if (one.values().contains(subject)) {
                return one.body();
            }
        }
        return choice.otherwise();
    }

    /** What a target holds after statements that found it with a value. */
    private BigInteger assigned(Scope scope, List<Statement> body, Signal target, BigInteger before) {
        BigInteger value = before;
        for (Statement statement : body) {
            if (!assigns(statement, target)) {
                continue;
            }
            if (statement instanceof Statement.Assign assign) {
                value = value(scope, assign.value());
            } else if (statement instanceof Statement.When when) {
                boolean taken = value(scope, when.cond()).signum() != 0;
                value = assigned(scope, taken ? when.then() : when.otherwise(), target, value);
            } else if (statement instanceof Statement.Switch choice) {
                value = assigned(scope, branch(scope, choice), target, value);
            }
        }
        return value;
    }

    private static boolean assigns(Statement statement, Signal target) {
        if (statement instanceof Statement.Assign assign) {
            return assign.target().equals(target);
        } else if (statement instanceof Statement.When when) {
            return when.then().stream().anyMatch(s -> assigns(s, target))
                    || when.otherwise().stream().anyMatch(s -> assigns(s, target));
        } else if (statement instanceof Statement.Switch choice) {
            return choice.otherwise().stream().anyMatch(s -> assigns(s, target))
                    || choice.cases().stream().anyMatch(c -> c.body().stream().anyMatch(s -> assigns(s, target)));
        }
        return false;
    }

    private BigInteger read(Scope scope, ReadPort port) {
        BigInteger address = value(scope, port.address());
        BigInteger[] words = scope.memories.get(port.memory());
        return address.compareTo(BigInteger.valueOf(words.length)) < 0 ? words[address.intValue()] : BigInteger.ZERO;
    }

    private BigInteger value(Scope scope, Signal signal) {
        BigInteger state = scope.state.get(signal);
        boolean held = signal instanceof Register
                || signal instanceof ReadPort port && port.latency() == 1
                || scope.parent == null && signal instanceof Port in && in.direction() == Direction.IN;
        if (held) {
            return state;
        }
        BigInteger known = scope.settled.get(signal);
        if (known == null) {
            known = settle(scope, signal);
            scope.settled.put(signal, known);
        }
        return known;
    }

    private BigInteger settle(Scope scope, Signal signal) {
        if (signal instanceof Node node) {
            return value(scope, node.value());
        } else if (signal instanceof ReadPort port) {
            return read(scope, port);
        } else if (signal instanceof InstancePort port && port.port().direction() == Direction.OUT) {
            return value(scope.children.get(port.instance()), port.port());
        } else if (signal instanceof Port port && port.direction() == Direction.IN) {
            return value(scope.parent, new InstancePort(scope.instance, port));
        }
        return assigned(scope, scope.module.body(), signal, null);
    }

    private BigInteger value(Scope scope, Expr expr) {
        if (expr instanceof Expr.Ref ref) {
            return value(scope, ref.signal());
        }
        BigInteger known = scope.settled.get(expr);
        if (known == null) {
            known = expr.type().wrap(compute(scope, expr));
            scope.settled.put(expr, known);
        }
        return known;
    }

    private BigInteger compute(Scope scope, Expr expr) {
        if (expr instanceof Expr.Literal literal) {
            return literal.value();
        } else if (expr instanceof Expr.Unary unary) {
            BigInteger a = value(scope, unary.a());
            int width = unary.a().type().width();
            int ones = low(a, width).bitCount();
            return switch (unary.op()) {
                case NOT -> a.not();
                case NEG -> a.negate();
                case AND_R -> bool(ones == width);
                case OR_R -> bool(ones > 0);
                case XOR_R -> bool(ones % 2 == 1);
            };
        } else if (expr instanceof Expr.Binary binary) {
            return binary(binary, value(scope, binary.a()), value(scope, binary.b()));
        } else if (expr instanceof Expr.Mux mux) {
            return value(scope, value(scope, mux.cond()).signum() != 0 ? mux.t() : mux.f());
        } else if (expr instanceof Expr.Select select) {
            BigInteger index = value(scope, select.index());
            return index.compareTo(BigInteger.valueOf(select.elements().size())) < 0
                    ? value(scope, select.elements().get(index.intValue()))
                    : BigInteger.ZERO;
        } else if (expr instanceof Expr.Slice slice) {
            return value(scope, slice.a()).shiftRight(slice.lo());
        } else if (expr instanceof Expr.Concat concat) {
            BigInteger result = BigInteger.ZERO;
            for (Expr part : concat.msbFirst()) {
                int width = part.type().width();
                result = result.shiftLeft(width).or(low(value(scope, part), width));
            }
            return result;
        } else if (expr instanceof Expr.Extend extend) {
            return value(scope, extend.a());
        } else if (expr instanceof Expr.Truncate truncate) {
            return value(scope, truncate.a());
        } else if (expr instanceof Expr.Reinterpret reinterpret) {
            return value(scope, reinterpret.a());
        }
        throw new AssertionError(expr);
    }

    private static BigInteger binary(Expr.Binary binary, BigInteger a, BigInteger b) {
        boolean zero = b.signum() == 0;
        return switch (binary.op()) {
            case ADD -> a.add(b);
            case SUB -> a.subtract(b);
            case MUL -> a.multiply(b);
            case DIV -> zero ? BigInteger.ONE.negate() : a.divide(b);
            case REM -> zero ? a : a.remainder(b);
            case AND -> a.and(b);
            case OR -> a.or(b);
            case XOR -> a.xor(b);
            case EQ -> bool(a.equals(b));
            case NE -> bool(!a.equals(b));
            case LT -> bool(a.compareTo(b) < 0);
            case LE -> bool(a.compareTo(b) <= 0);
            case GT -> bool(a.compareTo(b) > 0);
            case GE -> bool(a.compareTo(b) >= 0);
            case SHL -> b.bitLength() > 20 ? BigInteger.ZERO : a.shiftLeft(b.intValue());
            case SHR -> a.shiftRight(b.bitLength() > 20 ? 1 << 20 : b.intValue());
        };
    }

    private static BigInteger low(BigInteger value, int width) {
        return value.and(BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE));
    }

    private static boolean bit(BigInteger value, int i) {
        return value.testBit(i);
    }

    private static BigInteger bool(boolean value) {
        return value ? BigInteger.ONE : BigInteger.ZERO;
    }
}
