// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Node;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.ir.UnaryOp;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the statements of a module into one expression per driven signal. Takes a circuit that passed the checks.
 * Linear in the statements (times the nesting of conditions): each condition makes one multiplexer for each signal it
 * decides, and both branches share what they leave alone.
 */
public final class Lowering {

    private final List<Netlist.Write> writes = new ArrayList<>();
    private final List<Netlist.Watch> watches = new ArrayList<>();

    private Lowering() {}

    /** The netlist of each definition of a circuit, in the order of its modules. */
    public static Map<Module, Netlist> lower(Circuit circuit) {
        var graphs = new HashMap<Module, CombGraph>();
        var netlists = new LinkedHashMap<Module, Netlist>();
        for (Module module : circuit.modules()) {
            var graph = new CombGraph(module, new SignalIndex(module), graphs);
            graphs.put(module, graph);
            netlists.put(module, new Lowering().lower(module, graph));
        }
        return netlists;
    }

    private Netlist lower(Module module, CombGraph graph) {
        if (!graph.loops().isEmpty()) {
            throw new IllegalArgumentException(module + " has a combinational loop through "
                    + graph.loops().get(0));
        }
        var drives = new Block(null, null);
        block(module.body(), drives);
        var steps = new ArrayList<Netlist.Step>();
        for (Signal signal : graph.order()) {
            if (signal instanceof Node node) {
                steps.add(new Netlist.Compute(node, node.value()));
            } else if (signal instanceof ReadPort port) {
                steps.add(new Netlist.Read(port));
            } else if (signal instanceof InstancePort port && !port.assignable()) {
                steps.add(new Netlist.Through(port, graph.through(port)));
            } else {
                Expr value = drives.values.get(signal);
                if (value == null) {
                    throw new IllegalArgumentException(module + " does not drive " + signal);
                }
                steps.add(new Netlist.Compute(signal, value));
            }
        }
        var next = new ArrayList<Netlist.Next>();
        for (Register register : module.registers()) {
            Expr value = drives.values.get(register);
            next.add(new Netlist.Next(register, value == null ? new Expr.Ref(register) : value));
        }
        return new Netlist(
                module,
                List.copyOf(steps),
                List.copyOf(next),
                List.copyOf(writes),
                List.copyOf(watches),
                graph.paths());
    }

    /** The values signals have at a point of a block, on top of those of the enclosing block. */
    private static final class Block {
        final @Nullable Block outer;
        final Map<Signal, Expr> values = new LinkedHashMap<>();
        private final @Nullable Expr condition;
        private @Nullable Expr guard;

        Block(@Nullable Block outer, @Nullable Expr condition) {
            this.outer = outer;
            this.condition = condition;
        }

        /** The conjunction of the conditions of this and the enclosing blocks, null: always. */
        @Nullable
        Expr guard() {
            if (guard == null && condition != null) {
                Expr around = outer == null ? null : outer.guard();
                guard = around == null ? condition : new Expr.Binary(BinaryOp.AND, around, condition, BOOL);
            }
            return guard;
        }

        /** The value of a signal so far, null: none yet. */
        @Nullable
        Expr value(Signal signal) {
            for (Block b = this; b != null; b = b.outer) {
                Expr value = b.values.get(signal);
                if (value != null) {
                    return value;
                }
            }
            return null;
        }
    }

    private static final Type BOOL = new Type.Bool();

    private void block(List<Statement> body, Block block) {
        for (Statement statement : body) {
            if (statement instanceof Statement.Assign assign) {
                block.values.put(assign.target(), assign.value());
            } else if (statement instanceof Statement.MemoryWrite write) {
                writes.add(new Netlist.Write(
                        write.memory(),
                        enabled(write.port(), block.guard()),
                        write.address(),
                        write.data(),
                        write.mask(),
                        write.domain(),
                        write.port()));
            } else if (statement instanceof Statement.Watch watch) {
                watches.add(new Netlist.Watch(watch, block.guard()));
            } else if (statement instanceof Statement.When when) {
                when(when, block);
            } else if (statement instanceof Statement.Switch choice) {
                choose(choice, block);
            }
        }
    }

    private static @Nullable Expr enabled(@Nullable ReadPort port, @Nullable Expr guard) {
        Expr enable = port == null ? null : port.enable();
        return enable == null || guard == null
                ? enable == null ? guard : enable
                : new Expr.Binary(BinaryOp.AND, enable, guard, BOOL);
    }

    private void when(Statement.When when, Block block) {
        var then = new Block(block, when.cond());
        block(when.then(), then);
        var otherwise = new Block(block, not(when.cond()));
        block(when.otherwise(), otherwise);
        for (Signal target : targets(List.of(then, otherwise))) {
            Expr t = then.value(target);
            Expr f = otherwise.value(target);
            block.values.put(target, mux(when.cond(), orHold(t, target), orHold(f, target)));
        }
    }

    private void choose(Statement.Switch choice, Block block) {
        var matches = new ArrayList<Expr>();
        var branches = new ArrayList<Block>();
        Expr any = null;
        boolean complete = SwitchCover.of(choice).complete();
        for (int i = 0; i < choice.cases().size(); i++) {
            Statement.Case branch = choice.cases().get(i);
            // Codes that are no value of an enumeration take the last case, as in Verilog.
            boolean rest = complete && i == choice.cases().size() - 1;
            Expr match = rest
                    ? any == null ? new Expr.Literal(BigInteger.ONE, BOOL) : not(any)
                    : match(choice.subject(), branch.values());
            any = any == null ? match : new Expr.Binary(BinaryOp.OR, any, match, BOOL);
            matches.add(match);
            var inner = new Block(block, match);
            block(branch.body(), inner);
            branches.add(inner);
        }
        var otherwise = new Block(block, any == null ? null : not(any));
        block(choice.otherwise(), otherwise);
        var all = new ArrayList<>(branches);
        all.add(otherwise);
        Integer table = tableSize(choice);
        for (Signal target : targets(all)) {
            Expr fallback = complete && !branches.isEmpty()
                    ? branches.get(branches.size() - 1).value(target)
                    : otherwise.value(target);
            fallback = orHold(fallback, target);
            Expr value = table != null
                    ? table(choice, table, branches, target, fallback)
                    : chain(matches, branches, target, fallback);
            if (value != null) {
                block.values.put(target, value);
            }
        }
    }

    private static @Nullable Expr chain(
            List<Expr> matches, List<Block> branches, Signal target, @Nullable Expr fallback) {
        Expr value = fallback;
        for (int i = branches.size() - 1; i >= 0; i--) {
            value = mux(matches.get(i), orHold(branches.get(i).value(target), target), value);
        }
        return value;
    }

    /** The cases as a table indexed by the subject; holes and what lies beyond take the fallback. */
    private static @Nullable Expr table(
            Statement.Switch choice, int size, List<Block> branches, Signal target, @Nullable Expr fallback) {
        var elements = new Expr[size];
        for (int i = 0; i < branches.size(); i++) {
            Expr value = orHold(branches.get(i).value(target), target);
            for (BigInteger key : choice.cases().get(i).values()) {
                if (elements[key.intValueExact()] == null) {
                    elements[key.intValueExact()] = value;
                }
            }
        }
        Expr filler = fallback;
        for (int i = 0; i < size && filler == null; i++) {
            filler = elements[i];
        }
        if (filler == null) {
            return null;
        }
        for (int i = 0; i < size; i++) {
            elements[i] = elements[i] == null ? filler : elements[i];
        }
        Expr select = new Expr.Select(choice.subject(), List.of(elements), target.type());
        BigInteger beyond = BigInteger.valueOf(size);
        if (choice.subject().type().max().compareTo(beyond) < 0) {
            return select;
        }
        Expr inside = new Expr.Binary(
                BinaryOp.LT,
                choice.subject(),
                new Expr.Literal(beyond, choice.subject().type()),
                BOOL);
        return mux(inside, select, filler);
    }

    /** Number of table entries when the cases are many and dense enough, else null. */
    private static @Nullable Integer tableSize(Statement.Switch choice) {
        if (choice.subject().type().signed() || choice.cases().size() < 4) {
            return null;
        }
        int count = 0;
        BigInteger max = BigInteger.ZERO;
        for (Statement.Case branch : choice.cases()) {
            for (BigInteger value : branch.values()) {
                max = max.max(value);
                count++;
            }
        }
        return max.compareTo(BigInteger.valueOf(2L * count + 8)) < 0 ? max.intValueExact() + 1 : null;
    }

    private static Set<Signal> targets(List<Block> blocks) {
        var targets = new LinkedHashSet<Signal>();
        for (Block block : blocks) {
            targets.addAll(block.values.keySet());
        }
        return targets;
    }

    /** A register that nothing assigned holds. */
    private static @Nullable Expr orHold(@Nullable Expr value, Signal target) {
        return value == null && target instanceof Register ? new Expr.Ref(target) : value;
    }

    /** A missing side is one no path takes to the end: the later, covering assignment replaces it. */
    private static @Nullable Expr mux(Expr cond, @Nullable Expr t, @Nullable Expr f) {
        if (t == null || f == null) {
            return t == null ? f : t;
        }
        return t == f ? t : new Expr.Mux(cond, t, f, t.type());
    }

    private static Expr match(Expr subject, List<BigInteger> values) {
        Expr any = null;
        for (BigInteger value : values) {
            Expr equal = new Expr.Binary(BinaryOp.EQ, subject, new Expr.Literal(value, subject.type()), BOOL);
            any = any == null ? equal : new Expr.Binary(BinaryOp.OR, any, equal, BOOL);
        }
        return any == null ? new Expr.Literal(BigInteger.ZERO, BOOL) : any;
    }

    private static Expr not(Expr cond) {
        return new Expr.Unary(UnaryOp.NOT, cond, BOOL);
    }
}
