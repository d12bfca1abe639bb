// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import java.util.ArrayList;
import java.util.List;

/**
 * The Verilog around a design: {@code c} its clock, {@code r} its reset, {@code p<number>} its ports, {@code dump} whether
 * changes are written to {@link #DUMP}. The instance is named as the design, so that it names itself.
 */
final class Bench {
    static final String NAME = "lutra_bench";
    static final String DUMP = "lutra.vcd";

    private Bench() {}

    static String of(Module top) {
        var declared = new ArrayList<String>();
        var pins = new ArrayList<String>();
        if (top.usesClock()) {
            declared.add("  reg c;");
            pins.add(".clk(c)");
        }
        if (top.usesReset()) {
            declared.add("  reg r;");
            pins.add("." + top.reset().portName() + "(r)");
        }
        List<Port> ports = top.ports();
        for (int i = 0; i < ports.size(); i++) {
            Port port = ports.get(i);
            String kind = port.direction() == Direction.IN ? "reg" : "wire";
            declared.add("  " + kind + " [" + (port.type().width() - 1) + ":0] p" + i + ";");
            pins.add("." + port.name() + "(p" + i + ")");
        }
        return "module " + NAME + ";\n" + String.join("\n", declared) + "\n  " + top.name() + " " + top.name() + "("
                + String.join(", ", pins) + ");\n"
                + "  reg dump = 1'b0;\n"
                + "  always @(posedge dump) begin\n    $dumpfile(\"" + DUMP + "\");\n    $dumpvars(0, " + NAME + "."
                + top.name() + ");\n  end\n"
                + "  always @(negedge dump) begin\n    $dumpoff;\n    $dumpflush;\n  end\nendmodule\n";
    }
}
