// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.random;

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
import dev.lutra.hdl.ir.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The meaning of the IR, written from its documentation and nothing else: values are mathematical integers, a signal's
 * value is computed when asked for, statements are run as they stand. Slow and obvious; everything else is compared with
 * it.
 */
public final class Reference {

    private final Module module;
    private final Reference parent;
    private final Instance instance;
    private final Map<Instance, Reference> children = new LinkedHashMap<>();
    private final Map<Register, BigInteger> registers = new HashMap<>();
    private final Map<ReadPort, BigInteger> reads = new HashMap<>();
    private final Map<Memory, BigInteger[]> memories = new HashMap<>();
    private final Map<Port, BigInteger> inputs = new HashMap<>();
    private final Map<Object, BigInteger> known = new HashMap<>();
    private boolean reset;

    /** The top of a circuit, powered up: registers 0, memories as initialised. */
    public Reference(Module top) {
        this(top, null, null);
    }

    private Reference(Module module, Reference parent, Instance instance) {
        this.module = module;
        this.parent = parent;
        this.instance = instance;
        module.registers().forEach(r -> registers.put(r, BigInteger.ZERO));
        module.readPorts().forEach(p -> reads.put(p, BigInteger.ZERO));
        for (Memory memory : module.memories()) {
            var words = new BigInteger[memory.depth()];
            for (int i = 0; i < words.length; i++) {
                words[i] = i < memory.init().size() ? memory.init().get(i) : BigInteger.ZERO;
            }
            memories.put(memory, words);
        }
        module.instances().forEach(i -> children.put(i, new Reference(i.module(), this, i)));
    }

    /** Sets an input of the top. */
    public void poke(Port port, BigInteger value) {
        inputs.put(port, port.type().wrap(value));
        forget();
    }

    /** Sets the reset input of the top. */
    public void reset(boolean active) {
        forget();
        setReset(active);
    }

    private void setReset(boolean active) {
        reset = active;
        children.values().forEach(c -> c.setReset(active));
    }

    private void forget() {
        known.clear();
        children.values().forEach(Reference::forget);
    }

    /** The lines that are printed at a rising edge of the clock. */
    public List<String> printed() {
        var lines = new ArrayList<String>();
        if (!reset) {
            print(module.body(), lines);
        }
        children.values().forEach(c -> lines.addAll(c.printed()));
        return lines;
    }

    private void print(List<Statement> body, List<String> lines) {
        for (Statement statement : body) {
            if (statement instanceof Statement.Print print) {
                String line = print.format();
                for (Expr expr : print.values()) {
                    BigInteger value = value(expr);
                    BigInteger bits = new Type.UInt(expr.type().width()).wrap(value);
                    int at = line.indexOf('%');
                    while (line.charAt(at + 1) == '%') {
                        at = line.indexOf('%', at + 2);
                    }
                    String text = line.charAt(at + 1) == 'd'
                            ? value.toString()
                            : bits.toString(line.charAt(at + 1) == 'x' ? 16 : 2);
                    line = line.substring(0, at) + text + line.substring(at + 2);
                }
                lines.add(line.replace("%%", "%"));
            } else if (!(statement instanceof Statement.Watch)) {
                print(taken(statement), lines);
            }
        }
    }

    /** A rising edge of the clock. */
    public void step() {
        var commits = new ArrayList<Runnable>();
        edge(commits);
        commits.forEach(Runnable::run);
        forget();
    }

    private void edge(List<Runnable> commits) {
        for (Register register : module.registers()) {
            BigInteger next = driven(register);
            BigInteger value = reset && register.init() != null ? register.init() : next;
            commits.add(() -> registers.put(register, value));
        }
        for (ReadPort port : module.readPorts()) {
            if (port.latency() == 1 && (port.enable() == null || isTrue(port.enable()))) {
                BigInteger value = word(port);
                commits.add(() -> reads.put(port, value));
            }
        }
        writes(module.body(), commits);
        children.values().forEach(c -> c.edge(commits));
    }

    private void writes(List<Statement> body, List<Runnable> commits) {
        for (Statement statement : body) {
            if (statement instanceof Statement.MemoryWrite write) {
                BigInteger address = value(write.address());
                BigInteger data = value(write.data());
                BigInteger mask = write.mask() == null ? null : value(write.mask());
                commits.add(() -> write(write.memory(), address, data, mask));
            } else {
                writes(taken(statement), commits);
            }
        }
    }

    private void write(Memory memory, BigInteger address, BigInteger data, BigInteger mask) {
        if (address.compareTo(BigInteger.valueOf(memory.depth())) >= 0) {
            return;
        }
        BigInteger[] words = memories.get(memory);
        int at = address.intValueExact();
        if (mask == null) {
            words[at] = data;
            return;
        }
        int part = memory.type().width() / memory.maskBits();
        BigInteger word = words[at];
        for (int bit = 0; bit < memory.type().width(); bit++) {
            if (mask.testBit(bit / part)) {
                word = data.testBit(bit) ? word.setBit(bit) : word.clearBit(bit);
            }
        }
        words[at] = memory.type().wrap(word);
    }

    private BigInteger word(ReadPort port) {
        BigInteger address = value(port.address());
        return address.compareTo(BigInteger.valueOf(port.memory().depth())) >= 0
                ? BigInteger.ZERO
                : memories.get(port.memory())[address.intValueExact()];
    }

    /** The present value of a signal of the top. */
    public BigInteger value(Signal signal) {
        BigInteger value = known.get(signal);
        if (value == null) {
            value = compute(signal);
            known.put(signal, value);
        }
        return value;
    }

    private BigInteger compute(Signal signal) {
        if (signal instanceof Port port && port.direction() == Direction.IN) {
            return parent == null
                    ? inputs.getOrDefault(port, BigInteger.ZERO)
                    : parent.value(new InstancePort(instance, port));
        } else if (signal instanceof Node node) {
            return value(node.value());
        } else if (signal instanceof Register register) {
            return registers.get(register);
        } else if (signal instanceof ReadPort port) {
            return port.latency() == 1 ? reads.get(port) : word(port);
        } else if (signal instanceof InstancePort port && port.port().direction() == Direction.OUT) {
            return children.get(port.instance()).value(port.port());
        }
        return driven(signal);
    }

    /** Runs the statements for one target: the last assignment on the path taken; a register holds without one. */
    private BigInteger driven(Signal target) {
        Expr last = last(module.body(), target);
        if (last == null && target instanceof Register register) {
            return registers.get(register);
        }
        return value(last);
    }

    private Expr last(List<Statement> body, Signal target) {
        Expr last = null;
        for (Statement statement : body) {
            Expr found = statement instanceof Statement.Assign assign
                    ? assign.target().equals(target) ? assign.value() : null
                    : mentions(statement, target) ? last(taken(statement), target) : null;
            last = found == null ? last : found;
        }
        return last;
    }

    /** Conditions of statements that say nothing about the target are not looked at: they may depend on it. */
    private static boolean mentions(Statement statement, Signal target) {
        if (statement instanceof Statement.Assign assign) {
            return assign.target().equals(target);
        } else if (statement instanceof Statement.When when) {
            return when.then().stream().anyMatch(s -> mentions(s, target))
                    || when.otherwise().stream().anyMatch(s -> mentions(s, target));
        } else if (statement instanceof Statement.Switch choice) {
            return choice.otherwise().stream().anyMatch(s -> mentions(s, target))
                    || choice.cases().stream().anyMatch(c -> c.body().stream().anyMatch(s -> mentions(s, target)));
        }
        return false;
    }

    /** The branch of a conditional statement that is taken. */
    private List<Statement> taken(Statement statement) {
        if (statement instanceof Statement.When when) {
            return isTrue(when.cond()) ? when.then() : when.otherwise();
        } else if (statement instanceof Statement.Switch choice) {
            BigInteger subject = value(choice.subject());
            return choice.cases().stream()
                    .filter(c -> c.values().contains(subject))
                    .map(Statement.Case::body)
                    .findFirst()
                    .orElse(choice.otherwise());
        }
        return List.of();
    }

    private boolean isTrue(Expr cond) {
        return value(cond).signum() != 0;
    }

    private BigInteger value(Expr expr) {
        if (expr instanceof Expr.Ref ref) {
            return value(ref.signal());
        }
        BigInteger value = known.get(expr);
        if (value == null) {
            value = expr.type().wrap(meaning(expr));
            known.put(expr, value);
        }
        return value;
    }

    private BigInteger meaning(Expr expr) {
        if (expr instanceof Expr.Literal literal) {
            return literal.value();
        } else if (expr instanceof Expr.Unary unary) {
            BigInteger a = value(unary.a());
            int width = unary.a().type().width();
            BigInteger bits = new Type.UInt(width).wrap(a);
            return switch (unary.op()) {
                case NOT -> a.not();
                case NEG -> a.negate();
                case AND_R -> bit(bits.bitCount() == width);
                case OR_R -> bit(bits.bitCount() > 0);
                case XOR_R -> bit(bits.bitCount() % 2 == 1);
            };
        } else if (expr instanceof Expr.Binary binary) {
            return binary(binary, value(binary.a()), value(binary.b()));
        } else if (expr instanceof Expr.Mux mux) {
            return isTrue(mux.cond()) ? value(mux.t()) : value(mux.f());
        } else if (expr instanceof Expr.Select select) {
            BigInteger index = value(select.index());
            return index.compareTo(BigInteger.valueOf(select.elements().size())) >= 0
                    ? BigInteger.ZERO
                    : value(select.elements().get(index.intValueExact()));
        } else if (expr instanceof Expr.Slice slice) {
            return value(slice.a()).shiftRight(slice.lo());
        } else if (expr instanceof Expr.Concat concat) {
            BigInteger bits = BigInteger.ZERO;
            for (Expr part : concat.msbFirst()) {
                int width = part.type().width();
                bits = bits.shiftLeft(width).or(new Type.UInt(width).wrap(value(part)));
            }
            return bits;
        } else if (expr instanceof Expr.Extend extend) {
            return value(extend.a());
        } else if (expr instanceof Expr.Truncate truncate) {
            return value(truncate.a());
        }
        return value(((Expr.Reinterpret) expr).a());
    }

    private static BigInteger binary(Expr.Binary binary, BigInteger a, BigInteger b) {
        return switch (binary.op()) {
            case ADD -> a.add(b);
            case SUB -> a.subtract(b);
            case MUL -> a.multiply(b);
            case DIV -> b.signum() == 0 ? BigInteger.ONE.negate() : a.divide(b);
            case REM -> b.signum() == 0 ? a : a.remainder(b);
            case AND -> a.and(b);
            case OR -> a.or(b);
            case XOR -> a.xor(b);
            case EQ -> bit(a.equals(b));
            case NE -> bit(!a.equals(b));
            case LT -> bit(a.compareTo(b) < 0);
            case LE -> bit(a.compareTo(b) <= 0);
            case GT -> bit(a.compareTo(b) > 0);
            case GE -> bit(a.compareTo(b) >= 0);
            case SHL -> shift(a, b, binary.type().width());
            case SHR -> shift(a, b.negate(), binary.a().type().width());
        };
    }

    private static BigInteger shift(BigInteger a, BigInteger by, int limit) {
        int amount = by.abs().min(BigInteger.valueOf(limit + 1L)).intValueExact();
        return by.signum() < 0 ? a.shiftRight(amount) : a.shiftLeft(amount);
    }

    private static BigInteger bit(boolean set) {
        return set ? BigInteger.ONE : BigInteger.ZERO;
    }
}
