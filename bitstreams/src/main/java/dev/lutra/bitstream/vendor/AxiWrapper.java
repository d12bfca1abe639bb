// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.vendor;

import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;

/**
 * An accelerator under the names and widths that AMD's tools expect of a kernel (UG1393, "RTL kernels"): {@code ap_clk}, {@code ap_rst_n}, {@code interrupt},
 * {@code s_axi_control} of 12 address bits, {@code m00_axi} of 64.
 */
final class AxiWrapper {

    /** Name of the module and of the kernel. */
    static final String NAME = "lutra";

    private static final int CONTROL_ADDRESS_BITS = 12;
    private static final int MEMORY_ADDRESS_BITS = 64;

    private AxiWrapper() {}

    /** Verilog around {@code accelerator}, which has ports clk, rst, irq, s_axi_* and m_axi_*. */
    static String verilog(Module accelerator) {
        StringBuilder ports = new StringBuilder();
        StringBuilder connections = new StringBuilder();
        StringBuilder upper = new StringBuilder();
        for (Port port : accelerator.ports()) {
            String name = outside(port.name());
            if (name.isEmpty()) {
                continue;
            }
            int inside = port.type().width();
            int width = outsideWidth(name, inside);
            ports.append(",\n  ")
                    .append(port.direction() == Direction.IN ? "input" : "output")
                    .append(" wire ")
                    .append(width == 1 ? "" : "[" + (width - 1) + ":0] ")
                    .append(name);
            String to = name;
            if (width != inside) {
                to = name + "[" + (inside - 1) + ":0]";
            }
            connections
                    .append(",\n    .")
                    .append(port.name())
                    .append("(")
                    .append(to)
                    .append(")");
            if (width > inside && port.direction() == Direction.OUT) {
                upper.append("  assign %s[%d:%d] = %d'b0;\n".formatted(name, width - 1, inside, width - inside));
            }
        }
        return """
                module %s (
                  input wire ap_clk,
                  input wire ap_rst_n%s
                );
                  reg rst = 1'b1;
                  always @(posedge ap_clk) rst <= !ap_rst_n;
                %s  %s accelerator (
                    .clk(ap_clk),
                    .rst(rst)%s
                  );
                endmodule
                """.formatted(NAME, ports, upper, accelerator.name(), connections);
    }

    private static String outside(String port) {
        if (port.equals("clk") || port.equals("rst")) {
            return "";
        }
        if (port.equals("irq")) {
            return "interrupt";
        }
        return port.startsWith("s_axi_")
                ? "s_axi_control_" + port.substring("s_axi_".length())
                : "m00_axi_" + port.substring("m_axi_".length());
    }

    private static int outsideWidth(String name, int inside) {
        if (!name.endsWith("addr")) {
            return inside;
        }
        return name.startsWith("s_") ? CONTROL_ADDRESS_BITS : MEMORY_ADDRESS_BITS;
    }
}
