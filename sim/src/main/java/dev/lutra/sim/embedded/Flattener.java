// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Domain;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Node;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.ReadDuringWrite;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.pass.Lowering;
import dev.lutra.hdl.pass.Netlist;
import dev.lutra.sim.engine.Clocks;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a circuit into one flat graph. Values are built on demand from what must be known (next states, outputs, memory
 * writes), across instance borders, so that ports between modules cost nothing and unused logic disappears.
 */
final class Flattener {
    /** Recursion follows combinational depth through all instances. */
    private static final long STACK_BYTES = 512L << 20;

    private final Graph graph = new Graph();
    private final Map<Module, Netlist> netlists;
    private final Map<Module, Map<Signal, Expr>> drivers = new HashMap<>();
    private final List<Scope> scopes = new ArrayList<>();
    /** Clock inputs of the top, by number; the top's own clock is 0 if it has one. */
    private final Map<Value, Integer> clockNumbers = new HashMap<>();
    /** Whether each clock rises; empty if there is one clock only. */
    private final List<Value> rises = new ArrayList<>();

    private final Map<List<Object>, Design.AsyncReset> resets = new LinkedHashMap<>();

    private Flattener(Circuit circuit) {
        netlists = Lowering.lower(circuit);
    }

    /** One instance of a module. */
    private static final class Scope {
        final Module module;
        final List<String> path;
        final @Nullable Scope parent;
        final @Nullable Instance instance;
        final Map<Signal, Expr> drivers;
        final Map<Instance, Scope> children = new HashMap<>();
        final Map<Memory, Design.Store> stores = new HashMap<>();
        final Map<Object, Value> values = new HashMap<>();

        Scope(
                Module module,
                List<String> path,
                @Nullable Scope parent,
                @Nullable Instance instance,
                Map<Signal, Expr> drivers) {
            this.module = module;
            this.path = path;
            this.parent = parent;
            this.instance = instance;
            this.drivers = drivers;
        }

        String name(String signal) {
            return path.isEmpty() ? signal : String.join(".", path) + "." + signal;
        }
    }

    /**
     * Flattens a circuit that passed the checks.
     *
     * @param named keep every named signal, for a waveform
     */
    static Design flatten(Circuit circuit, boolean named) {
        var result = new Design[1];
        var failure = new Throwable[1];
        var thread = new Thread(
                null,
                () -> {
                    try {
                        result[0] = new Flattener(circuit).build(circuit, named);
                    } catch (RuntimeException | Error e) {
                        failure[0] = e;
                    }
                },
                "lutra-flatten",
                STACK_BYTES);
        thread.start();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure[0] instanceof RuntimeException e) {
            throw e;
        }
        if (failure[0] instanceof Error e) {
            throw e;
        }
        return result[0];
    }

    private Design build(Circuit circuit, boolean named) {
        Scope top = scope(circuit.top(), List.of(), null, null);
        var inputs = new ArrayList<Design.Input>();
        var outputs = new ArrayList<Design.Output>();
        for (Port port : circuit.top().ports()) {
            if (port.direction() == Direction.IN) {
                inputs.add(new Design.Input(port, value(top, port)));
            } else {
                outputs.add(new Design.Output(port, value(top, port)));
            }
        }
        var registers = new ArrayList<Design.Register>();
        var memories = new ArrayList<Design.Store>();
        var watches = new ArrayList<Design.Watch>();
        clocks(top);
        for (Scope scope : scopes) {
            states(scope, registers, memories);
            watches(scope, circuit.top().name(), watches);
        }
        Value watched = null;
        for (Design.Watch watch : watches) {
            watched = watched == null ? watch.fires() : graph.binary(Op.OR, watched, watch.fires(), 1, false);
        }
        var signals = new ArrayList<Design.Named>();
        if (named) {
            scopes.forEach(scope -> names(scope, signals));
        }
        return new Design(
                graph,
                inputs,
                outputs,
                registers,
                memories,
                rises,
                List.copyOf(resets.values()),
                watches,
                watched,
                signals);
    }

    private void clocks(Scope top) {
        var names = new ArrayList<>(Clocks.of(top.module));
        for (Port port : top.module.ports()) {
            if (port.type() instanceof Type.Clock) {
                clockNumbers.put(value(top, port), names.indexOf(port.name()));
            }
        }
        if (names.size() > 1) {
            for (String name : names) {
                rises.add(graph.source(new Design.Source(name + " rises"), 1, false));
            }
        }
    }

    /**
     * What a domain is in the flat design.
     *
     * @param rises whether its clock rises; null: the only clock there is
     * @param level the reset signal; null: the top's own reset, or none
     * @param own whether the reset is the top's own
     */
    private record Clocking(@Nullable Value rises, @Nullable Value level, ResetKind kind, boolean own) {}

    private Clocking clocking(Scope scope, Domain domain) {
        if (domain.clock() == null) {
            if (scope.parent == null || scope.instance == null) {
                return new Clocking(rises.isEmpty() ? null : rises.get(0), null, ResetKind.SYNC, true);
            }
            return clocking(scope.parent, scope.instance.domain());
        }
        Integer number = clockNumbers.get(value(scope, domain.clock()));
        if (number == null) {
            throw new IllegalArgumentException(domain + " in " + scope.module + " is no clock of the top");
        }
        return new Clocking(
                rises.isEmpty() ? null : rises.get(number),
                domain.reset() == null ? null : value(scope, domain.reset()),
                domain.kind(ResetKind.SYNC),
                false);
    }

    private Value active(Clocking clocking) {
        Value level = clocking.level() == null ? graph.constant(0, 1, false) : clocking.level();
        return clocking.level() != null && clocking.kind().activeLow() ? graph.not(level) : level;
    }

    private Value next(Clocking clocking, Value held, Value next) {
        return clocking.rises() == null ? next : graph.mux(clocking.rises(), next, held);
    }

    private Design.Register register(Scope scope, Register register, Value next) {
        Clocking clocking = clocking(scope, register.domain());
        Value held = value(scope, register);
        BigInteger init = register.init();
        if (init == null || clocking.own()) {
            return new Design.Register(scope.name(register.name()), register, held, next(clocking, held, next), init);
        }
        Value start =
                graph.constant(init, register.type().width(), register.type().signed());
        Value level = clocking.level();
        if (clocking.kind().asynchronous() && level != null) {
            resets.computeIfAbsent(
                            List.of(level, clocking.kind()),
                            k -> new Design.AsyncReset(level, clocking.kind().activeLow(), new LinkedHashMap<>()))
                    .registers()
                    .put(held, init);
        }
        return new Design.Register(
                scope.name(register.name()),
                register,
                held,
                next(clocking, held, graph.mux(active(clocking), start, next)),
                null);
    }

    private Scope scope(Module module, List<String> path, @Nullable Scope parent, @Nullable Instance instance) {
        var scope = new Scope(module, path, parent, instance, drivers.computeIfAbsent(module, this::driversOf));
        scopes.add(scope);
        for (Memory memory : module.memories()) {
            scope.stores.put(memory, new Design.Store(memory, scope.name(memory.name())));
        }
        for (Instance child : module.instances()) {
            var childPath = new ArrayList<>(path);
            childPath.add(child.name());
            scope.children.put(child, scope(child.module(), List.copyOf(childPath), scope, child));
        }
        return scope;
    }

    private Map<Signal, Expr> driversOf(Module module) {
        var result = new HashMap<Signal, Expr>();
        for (Netlist.Step step : netlist(module).steps()) {
            if (step instanceof Netlist.Compute compute) {
                result.put(compute.target(), compute.value());
            }
        }
        return result;
    }

    private Netlist netlist(Module module) {
        Netlist netlist = netlists.get(module);
        if (netlist == null) {
            throw new IllegalArgumentException(module + " is not listed in its circuit");
        }
        return netlist;
    }

    private void states(Scope scope, List<Design.Register> registers, List<Design.Store> memories) {
        Netlist netlist = netlist(scope.module);
        for (Netlist.Next next : netlist.registers()) {
            Register register = next.register();
            registers.add(register(scope, register, value(scope, next.value())));
        }
        for (ReadPort port : scope.module.readPorts()) {
            if (port.latency() == 1) {
                Value held = value(scope, port);
                Value word = port.rule() == null ? read(scope, port) : readOrWritten(scope, port, netlist);
                Value next = port.enable() == null ? word : graph.mux(value(scope, port.enable()), word, held);
                Value after = next(clocking(scope, port.domain()), held, next);
                registers.add(new Design.Register(scope.name(port.name()), port, held, after, null));
            }
        }
        for (Memory memory : scope.module.memories()) {
            Design.Store store = store(scope, memory);
            var writes = new ArrayList<Design.Write>();
            for (Netlist.Write write : netlist.writes()) {
                if (write.memory() == memory) {
                    Value rises = clocking(scope, write.domain()).rises();
                    Value guard = write.guard() == null ? graph.constant(1, 1, false) : value(scope, write.guard());
                    writes.add(new Design.Write(
                            rises == null ? guard : graph.binary(Op.AND, rises, guard, 1, false),
                            address(memory, value(scope, write.address())),
                            value(scope, write.data()),
                            write.mask() == null ? null : spread(memory, value(scope, write.mask()))));
                }
            }
            store.writes = List.copyOf(writes);
            memories.add(store);
        }
    }

    private void watches(Scope scope, String top, List<Design.Watch> watches) {
        for (Netlist.Watch watch : netlist(scope.module).watches()) {
            Value fires = watch.guard() == null ? graph.constant(1, 1, false) : value(scope, watch.guard());
            Value told = null;
            var values = new ArrayList<Value>();
            if (watch.statement() instanceof Statement.Check check) {
                Value holds = value(scope, check.cond());
                if (check.claim() == Statement.Claim.COVER) {
                    told = graph.source(new Design.Source(scope.name("covered")), 1, false);
                    holds = graph.binary(Op.AND, holds, graph.not(told), 1, false);
                } else {
                    holds = graph.not(holds);
                    check.shown().forEach(signal -> values.add(value(scope, signal)));
                }
                fires = graph.binary(Op.AND, fires, holds, 1, false);
            } else if (watch.statement() instanceof Statement.Print print) {
                print.values().forEach(expr -> values.add(value(scope, expr)));
            }
            Clocking clocking = clocking(scope, watch.statement().domain());
            if (clocking.rises() != null) {
                fires = graph.binary(Op.AND, fires, clocking.rises(), 1, false);
            }
            fires = graph.binary(Op.AND, fires, graph.not(active(clocking)), 1, false);
            String path = scope.path.isEmpty() ? top : top + "." + String.join(".", scope.path);
            watches.add(new Design.Watch(watch.statement(), path, fires, List.copyOf(values), clocking.own(), told));
        }
    }

    private static Design.Store store(Scope scope, Memory memory) {
        Design.Store store = scope.stores.get(memory);
        if (store == null) {
            throw new IllegalArgumentException(memory + " is not in " + scope.module);
        }
        return store;
    }

    /** Each mask bit repeated over the part of the word it enables. */
    private Value spread(Memory memory, Value mask) {
        int part = memory.type().width() / memory.maskBits();
        var parts = new ArrayList<Value>();
        for (int i = memory.maskBits() - 1; i >= 0; i--) {
            Value bit = graph.cast(graph.slice(mask, i, 1), 1, true);
            parts.add(graph.cast(bit, part, true));
        }
        return graph.cast(
                graph.concat(parts), memory.type().width(), memory.type().signed());
    }

    /** What a port that may write gives next, its enable left out. */
    private Value readOrWritten(Scope scope, ReadPort port, Netlist netlist) {
        Value word = read(scope, port);
        for (Netlist.Write write : netlist.writes()) {
            if (write.port() != port || port.rule() == ReadDuringWrite.READ_FIRST) {
                continue;
            }
            Value guard = write.guard() == null ? graph.constant(1, 1, false) : value(scope, write.guard());
            Value mask = write.mask() == null ? null : value(scope, write.mask());
            if (port.rule() == ReadDuringWrite.NO_CHANGE) {
                Value any = mask == null ? guard : graph.binary(Op.AND, guard, graph.reduce(Op.OR_R, mask), 1, false);
                return graph.mux(any, value(scope, port), word);
            }
            return graph.mux(guard, written(scope, port, word, value(scope, write.data()), mask), word);
        }
        return word;
    }

    /** The word at the address of a port after a write of all or some bits. */
    private Value written(Scope scope, ReadPort port, Value before, Value data, @Nullable Value mask) {
        Memory memory = port.memory();
        int width = memory.type().width();
        boolean signed = memory.type().signed();
        Value after = data;
        if (mask != null) {
            Value bits = spread(memory, mask);
            Value kept = graph.binary(Op.AND, graph.unary(Op.NOT, bits, width, signed), before, width, signed);
            Value set = graph.binary(Op.AND, bits, data, width, signed);
            after = graph.binary(Op.OR, kept, set, width, signed);
        }
        Value address = value(scope, port.address());
        BigInteger depth = BigInteger.valueOf(memory.depth());
        return port.address().type().max().compareTo(depth) < 0
                ? after
                : graph.mux(
                        graph.less(address, graph.constant(depth, address.width, false)),
                        after,
                        graph.constant(0, width, signed));
    }

    private Value read(Scope scope, ReadPort port) {
        Memory memory = port.memory();
        Value address = address(memory, value(scope, port.address()));
        return graph.read(
                store(scope, memory),
                address,
                memory.type().width(),
                memory.type().signed());
    }

    /** An address of at most 31 bits that lies beyond the memory if the given one does. */
    private Value address(Memory memory, Value address) {
        if (address.width <= 31) {
            return address;
        }
        Value depth = graph.constant(memory.depth(), 31, false);
        return graph.mux(
                graph.less(address, graph.cast(depth, address.width, false)), graph.cast(address, 31, false), depth);
    }

    private void names(Scope scope, List<Design.Named> signals) {
        Module module = scope.module;
        var all = new ArrayList<Signal>(module.ports());
        all.addAll(module.registers());
        all.addAll(module.wires());
        all.addAll(module.nodes());
        all.addAll(module.readPorts());
        for (Signal signal : all) {
            signals.add(new Design.Named(scope.path, signal.name(), signal.type(), value(scope, signal)));
        }
    }

    private Value value(Scope scope, Signal signal) {
        Value known = scope.values.get(signal);
        if (known != null) {
            return known;
        }
        Value value = build(scope, signal);
        scope.values.put(signal, value);
        return value;
    }

    private Value build(Scope scope, Signal signal) {
        if (signal instanceof Register || signal instanceof ReadPort port && port.latency() == 1) {
            return source(scope, signal);
        }
        if (signal instanceof ReadPort port) {
            return read(scope, port);
        }
        if (signal instanceof InstancePort port && port.port().direction() == Direction.OUT) {
            Scope child = scope.children.get(port.instance());
            if (child == null) {
                throw new IllegalArgumentException(port + " is not in " + scope.module);
            }
            return value(child, port.port());
        }
        if (signal instanceof Port port && port.direction() == Direction.IN) {
            if (scope.parent == null || scope.instance == null) {
                return source(scope, port);
            }
            return value(scope.parent, new InstancePort(scope.instance, port));
        }
        Expr driver = signal instanceof Node node ? node.value() : scope.drivers.get(signal);
        if (driver == null) {
            throw new IllegalArgumentException(signal + " is not driven in " + scope.module);
        }
        return value(scope, driver);
    }

    private Value source(Scope scope, Signal signal) {
        return graph.source(
                new Design.Source(scope.name(signal.name())),
                signal.type().width(),
                signal.type().signed());
    }

    private Value value(Scope scope, Expr expr) {
        if (expr instanceof Expr.Ref ref) {
            return value(scope, ref.signal());
        }
        Value known = scope.values.get(expr);
        if (known != null) {
            return known;
        }
        Value value = build(scope, expr);
        scope.values.put(expr, value);
        return value;
    }

    private Value build(Scope scope, Expr expr) {
        int width = expr.type().width();
        boolean signed = expr.type().signed();
        if (expr instanceof Expr.Literal literal) {
            return graph.constant(literal.value(), width, signed);
        } else if (expr instanceof Expr.Unary unary) {
            Value a = value(scope, unary.a());
            return switch (unary.op()) {
                case NOT -> graph.unary(Op.NOT, a, width, signed);
                case NEG -> graph.unary(Op.NEG, a, width, signed);
                case AND_R -> graph.reduce(Op.AND_R, a);
                case OR_R -> graph.reduce(Op.OR_R, a);
                case XOR_R -> graph.reduce(Op.XOR_R, a);
            };
        } else if (expr instanceof Expr.Binary binary) {
            return binary(binary, value(scope, binary.a()), value(scope, binary.b()));
        } else if (expr instanceof Expr.Mux mux) {
            return graph.mux(value(scope, mux.cond()), value(scope, mux.t()), value(scope, mux.f()));
        } else if (expr instanceof Expr.Select select) {
            return graph.select(value(scope, select.index()), values(scope, select.elements()), width, signed);
        } else if (expr instanceof Expr.Slice slice) {
            return graph.cast(graph.slice(value(scope, slice.a()), slice.lo(), width), width, signed);
        } else if (expr instanceof Expr.Concat concat) {
            return graph.cast(graph.concat(values(scope, concat.msbFirst())), width, signed);
        } else if (expr instanceof Expr.Extend extend) {
            return graph.cast(value(scope, extend.a()), width, signed);
        } else if (expr instanceof Expr.Truncate truncate) {
            return graph.cast(value(scope, truncate.a()), width, signed);
        } else if (expr instanceof Expr.Reinterpret reinterpret) {
            return graph.cast(value(scope, reinterpret.a()), width, signed);
        }
        throw new IllegalArgumentException("unknown expression " + expr);
    }

    private List<Value> values(Scope scope, List<Expr> exprs) {
        var result = new ArrayList<Value>(exprs.size());
        for (Expr expr : exprs) {
            result.add(value(scope, expr));
        }
        return result;
    }

    private Value binary(Expr.Binary binary, Value a, Value b) {
        int width = binary.type().width();
        boolean signed = binary.type().signed();
        return switch (binary.op()) {
            case ADD -> graph.binary(Op.ADD, a, b, width, signed);
            case SUB -> graph.binary(Op.SUB, a, b, width, signed);
            case MUL -> graph.binary(Op.MUL, a, b, width, signed);
            case DIV -> graph.binary(Op.DIV, a, b, width, signed);
            case REM -> graph.binary(Op.REM, a, b, width, signed);
            case AND -> graph.binary(Op.AND, a, b, width, signed);
            case OR -> graph.binary(Op.OR, a, b, width, signed);
            case XOR -> graph.binary(Op.XOR, a, b, width, signed);
            case EQ -> graph.eq(a, b);
            case NE -> graph.not(graph.eq(a, b));
            case LT -> graph.less(a, b);
            case GT -> graph.less(b, a);
            case LE -> graph.lessOrEqual(a, b);
            case GE -> graph.lessOrEqual(b, a);
            case SHL -> graph.shiftLeft(a, b, width, signed);
            case SHR -> graph.shiftRight(a, b, width, signed);
        };
    }
}
