// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a module stands for that is not written by us: a Verilog module from elsewhere, such as a DSP block. The {@link Module}
 * around it has its ports, and its behaviour for simulation if there is one.
 *
 * @param name of the Verilog module
 * @param parameters its parameters, in order
 * @param clock its port for the own clock of the {@link Module}, null: none
 * @param reset its port for the own reset, null: none
 * @param resetKind the kind of that port
 * @param modelled whether the {@link Module} says what the box does
 * @param file the name of a file with its Verilog, null: none is supplied
 * @param verilog the text of the file, empty without one
 */
public record BlackBox(
        String name,
        List<Parameter> parameters,
        @Nullable String clock,
        @Nullable String reset,
        ResetKind resetKind,
        boolean modelled,
        @Nullable String file,
        String verilog) {

    public BlackBox {
        parameters = List.copyOf(parameters);
    }

    /**
     * A parameter.
     *
     * @param value a Verilog constant, such as {@code 8'h0f}, {@code -3}, {@code 1.5} or {@code "TRUE"}
     */
    public record Parameter(String name, String value) {}
}
