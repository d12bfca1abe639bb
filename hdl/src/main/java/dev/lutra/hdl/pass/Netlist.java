// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Domain;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A module without statements: one expression per driven signal. Expressions are shared freely, so walk them as a graph
 * (remember what was visited), never as a tree.
 *
 * @param module the definition
 * @param steps the combinational signals in an order in which each step reads sources and earlier steps only. Sources are
 *     input ports, registers, read ports of latency 1 and outputs of children that depend on no input
 * @param registers next value of each register, reset left out
 * @param writes memory writes in program order: of two to one word at one edge the later one holds
 * @param watches statements that look and drive nothing, in program order
 * @param paths for each output port the input ports it depends on combinationally; an output without any has no entry
 */
public record Netlist(
        Module module,
        List<Step> steps,
        List<Next> registers,
        List<Write> writes,
        List<Watch> watches,
        Map<Port, List<Port>> paths) {

    /** A combinational signal. */
    public sealed interface Step {

        /** The signal the step gives a value. */
        Signal target();
    }

    /** A node, wire, output or input of a child takes the value of an expression of the same width. */
    public record Compute(Signal target, Expr value) implements Step {}

    /** A combinational read. */
    public record Read(ReadPort target) implements Step {}

    /** The output of a child follows from inputs of the child, all of which are earlier steps. */
    public record Through(InstancePort target, List<InstancePort> inputs) implements Step {}

    /** The value a register takes at the next edge unless it is being reset. */
    public record Next(Register register, Expr value) {}

    /**
     * A statement that looks.
     *
     * @param guard whether the conditions around it hold, null: always
     */
    public record Watch(Statement.Watch statement, @Nullable Expr guard) {}

    /**
     * A memory write.
     *
     * @param guard write enable, that of the port included; null: always
     * @param mask as in the statement, null: the whole word
     * @param domain whose clock it is
     * @param port the port that writes, null: none
     */
    public record Write(
            Memory memory,
            @Nullable Expr guard,
            Expr address,
            Expr data,
            @Nullable Expr mask,
            Domain domain,
            @Nullable ReadPort port) {}
}
