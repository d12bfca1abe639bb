// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.pass.Netlist;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a module reaches an output, a child or a memory that does: what synthesis keeps. Registers are taken apart into what flip-flops
 * have pins for (enable, synchronous set and reset) and their data.
 */
final class LiveLogic {
    /** Every expression, operands first, each once; references to computed signals are left out. */
    final List<Expr> order = new ArrayList<>();

    /** How often an expression is an operand or a root. */
    final Map<Expr, Integer> uses = new IdentityHashMap<>();

    final List<Flop> flops = new ArrayList<>();

    private final Map<Memory, List<Netlist.Write>> written = new HashMap<>();

    /** Memories that are read, with their live reads. */
    final Map<Memory, List<ReadPort>> reads = new LinkedHashMap<>();

    /** Values of outputs and of the inputs of children. */
    final List<Expr> ends = new ArrayList<>();

    private final ResetKind ownReset;
    private final Map<Signal, Expr> computed = new HashMap<>();
    private final Map<Register, Netlist.Next> next = new IdentityHashMap<>();
    private final ArrayDeque<Expr> open = new ArrayDeque<>();
    private final Set<Signal> reached = new LinkedHashSet<>();

    /**
     * A register in the shape of flip-flops.
     *
     * @param enables all must hold for the register to change
     * @param clears any of them sets the register to a constant, which is that of its reset if it has one
     */
    record Flop(Register register, Expr data, List<Condition> enables, List<Condition> clears) {}

    /** A value of one bit, or its inverse. */
    record Condition(Expr value, boolean inverted) {}

    LiveLogic(Netlist netlist) {
        ownReset = netlist.module().reset();
        for (Netlist.Step step : netlist.steps()) {
            if (step instanceof Netlist.Compute compute) {
                computed.put(compute.target(), compute.value());
            }
        }
        netlist.registers().forEach(n -> next.put(n.register(), n));
        for (Netlist.Step step : netlist.steps()) {
            Signal target = step.target();
            boolean end = target instanceof Port port && port.direction() == Direction.OUT
                    || target instanceof InstancePort inner && inner.port().direction() == Direction.IN;
            if (step instanceof Netlist.Compute compute && end && !(target.type() instanceof Type.Clock)) {
                ends.add(compute.value());
                use(compute.value());
            }
        }
        drain(netlist);
    }

    private void drain(Netlist netlist) {
        while (!open.isEmpty()) {
            walk(open.pop());
            for (Signal signal : List.copyOf(reached)) {
                if (signal instanceof Register register) {
                    Netlist.Next value = next.remove(register);
                    if (value != null) {
                        Flop flop = shape(value);
                        flops.add(flop);
                        use(flop.data);
                        flop.enables.forEach(c -> use(c.value));
                        flop.clears.forEach(c -> use(c.value));
                    }
                } else if (signal instanceof ReadPort port) {
                    read(port, netlist);
                }
            }
            reached.clear();
        }
    }

    private void read(ReadPort port, Netlist netlist) {
        List<ReadPort> ports = reads.computeIfAbsent(port.memory(), m -> new ArrayList<>());
        if (ports.contains(port)) {
            return;
        }
        ports.add(port);
        use(port.address());
        if (port.enable() != null) {
            use(port.enable());
        }
        if (!written.containsKey(port.memory())) {
            var writes = netlist.writes().stream()
                    .filter(w -> w.memory() == port.memory())
                    .toList();
            written.put(port.memory(), writes);
            for (Netlist.Write write : writes) {
                use(write.address());
                use(write.data());
                if (write.guard() != null) {
                    use(write.guard());
                }
                if (write.mask() != null) {
                    use(write.mask());
                }
            }
        }
    }

    private void use(Expr expr) {
        uses.merge(value(expr), 1, Integer::sum);
        open.push(expr);
    }

    /** The writes of a memory that is read. */
    List<Netlist.Write> writes(Memory memory) {
        return written.getOrDefault(memory, List.of());
    }

    /** What a reference to a computed signal stands for; anything else stands for itself. */
    Expr value(Expr expr) {
        Expr at = expr;
        while (at instanceof Expr.Ref ref) {
            Expr value = computed.get(ref.signal());
            if (value == null) {
                return at;
            }
            at = value;
        }
        return at;
    }

    private final Map<Expr, Boolean> done = new IdentityHashMap<>();

    private void walk(Expr root) {
        var stack = new ArrayDeque<Expr>();
        stack.push(value(root));
        while (!stack.isEmpty()) {
            Expr expr = stack.peek();
            Boolean state = done.get(expr);
            if (state == null) {
                done.put(expr, false);
                for (Expr operand : expr.operands()) {
                    Expr value = value(operand);
                    uses.merge(value, 1, Integer::sum);
                    if (!done.containsKey(value)) {
                        stack.push(value);
                    }
                }
                if (expr instanceof Expr.Ref ref) {
                    reached.add(ref.signal());
                }
            } else {
                stack.pop();
                if (!state) {
                    done.put(expr, true);
                    order.add(expr);
                }
            }
        }
    }

    private Flop shape(Netlist.Next next) {
        Register register = next.register();
        var enables = new ArrayList<Condition>();
        var clears = new ArrayList<Condition>();
        BigInteger reset = register.init();
        // A flip-flop that is reset at once has no pin for a constant at the edge.
        boolean clearable = reset == null || !register.domain().kind(ownReset).asynchronous();
        Expr at = value(next.value());
        while (at instanceof Expr.Mux || at instanceof Expr.Select) {
            if (at instanceof Expr.Select select) {
                Expr changed = changed(select, register);
                if (changed == null) {
                    break;
                }
                enables.add(new Condition(changes(select, register), false));
                at = changed;
                continue;
            }
            var mux = (Expr.Mux) at;
            Expr t = value(mux.t());
            Expr f = value(mux.f());
            if (holds(f, register) || holds(t, register)) {
                enables.add(new Condition(mux.cond(), holds(t, register)));
                at = holds(t, register) ? f : t;
                continue;
            }
            BigInteger constant = constant(t) != null ? constant(t) : constant(f);
            // A clear behind an enable cannot share the pin of a reset, which has priority.
            boolean behind = !enables.isEmpty() && reset != null;
            if (!clearable || behind || constant == null || reset != null && !reset.equals(constant)) {
                break;
            }
            reset = constant;
            clears.add(new Condition(mux.cond(), constant(t) == null));
            at = constant(t) == null ? t : f;
        }
        return new Flop(register, at, List.copyOf(enables), List.copyOf(clears));
    }

    /** The table without the entries that hold the register; null if none does, or all. */
    private @Nullable Expr changed(Expr.Select select, Register register) {
        var elements = select.elements().stream().map(this::value).toList();
        var changing = elements.stream().filter(e -> !holds(e, register)).toList();
        if (changing.isEmpty() || changing.size() == elements.size()) {
            return null;
        }
        Expr first = changing.get(0);
        if (changing.stream().allMatch(e -> e == first)) {
            return first;
        }
        return new Expr.Select(
                select.index(),
                elements.stream().map(e -> holds(e, register) ? first : e).toList(),
                select.type());
    }

    /** Whether the index chooses an entry that changes the register. */
    private Expr changes(Expr.Select select, Register register) {
        Type bit = new Type.Bool();
        return new Expr.Select(
                select.index(),
                select.elements().stream()
                        .<Expr>map(e ->
                                new Expr.Literal(holds(value(e), register) ? BigInteger.ZERO : BigInteger.ONE, bit))
                        .toList(),
                bit);
    }

    private static boolean holds(Expr value, Register register) {
        return value instanceof Expr.Ref ref && ref.signal() == register;
    }

    private @Nullable BigInteger constant(Expr value) {
        return value instanceof Expr.Literal literal ? literal.value() : null;
    }
}
