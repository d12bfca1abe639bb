// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Port;
import java.util.List;

/**
 * A design that was built and found good.
 *
 * @param <M> class of the outermost module
 */
public final class Elaboration<M extends Module> {
    private final M top;
    private final Definition definition;
    private final dev.lutra.hdl.ir.Circuit circuit;
    private final List<Diagnostic> warnings;

    Elaboration(M top, Definition definition, dev.lutra.hdl.ir.Circuit circuit, List<Diagnostic> warnings) {
        this.top = top;
        this.definition = definition;
        this.circuit = circuit;
        this.warnings = List.copyOf(warnings);
    }

    /** The outermost module, whose fields are the handles to its ports. */
    public M top() {
        return top;
    }

    /** The intermediate representation. */
    public dev.lutra.hdl.ir.Circuit circuit() {
        return circuit;
    }

    /** Findings that do not prevent the design from being used. */
    public List<Diagnostic> warnings() {
        return warnings;
    }

    /**
     * The port that a signal of the top module is.
     *
     * @param signal a ground signal, such as {@code top().data}
     * @throws IllegalArgumentException if it is no ground port of the top module
     */
    public Port port(Data signal) {
        if (signal instanceof Ground ground && ground.owner() == top && ground.isPort()) {
            return definition.port(ground.number());
        }
        throw new IllegalArgumentException(signal + " is no ground port of the top module "
                + circuit.top().name() + (signal instanceof Ground ? "" : "; take its elements one by one"));
    }

    /** The ports of a bundle or vector of the top module, in order of declaration. */
    public List<Port> ports(Data signal) {
        return signal.leaves().stream().map(this::port).toList();
    }
}
