// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.bitstream.area.ChainArea;
import dev.lutra.pe.dsp.DspForm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results of {@code lutra bench area --chains}. */
final class ChainAreaTable {

    private ChainAreaTable() {}

    /** Blocks of iCE40 have no cascade of their own. */
    private static boolean hasCascade(ChainArea row) {
        return row.family() != ChainArea.Family.ICE40;
    }

    private static String name(ChainArea row) {
        return row.chain().form() == DspForm.PORTABLE
                ? "one product per multiplier"
                : "chain of " + row.chain().form();
    }

    static Map<String, Object> json(ChainArea row) {
        var netlist = row.netlist();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("family", row.family().id());
        json.put("form", row.chain().form().name());
        json.put("operand_bits", row.chain().operandBits());
        json.put("length", row.chain().length());
        json.put("products_per_cycle", row.products());
        json.put("dsps", netlist.dsps());
        json.put("luts", netlist.luts());
        json.put("flip_flops", netlist.flipFlops());
        json.put("shift_registers", netlist.shiftRegisters());
        json.put("dsps_per_product", (double) netlist.dsps() / row.products());
        json.put("luts_per_product", (double) (netlist.luts() + netlist.shiftRegisters()) / row.products());
        json.put("path_ps", netlist.pathPs());
        if (hasCascade(row)) {
            json.put("cascades", netlist.cascades());
            json.put("links", row.links());
        }
        json.put("not_packed", row.left());
        return json;
    }

    static String table(List<ChainArea> rows) {
        var table = new StringBuilder("%-6s %-5s %-27s %5s %9s %6s %6s %6s %9s %9s %8s %9s  %s%n"
                .formatted(
                        "family",
                        "",
                        "",
                        "DSP",
                        "products",
                        "LUT",
                        "SRL",
                        "FF",
                        "DSP per",
                        "LUT per",
                        "path ps",
                        "cascades",
                        "not packed"));
        table.append("%57s %39s %9s%n".formatted("a cycle", "product", "product"));
        for (ChainArea row : rows) {
            var n = row.netlist();
            table.append("%-6s %-5s %-27s %5d %9d %6d %6d %6d %9.2f %9.1f %8.0f %9s  %s%n"
                    .formatted(
                            row.family().id(),
                            "INT" + row.chain().operandBits(),
                            name(row),
                            n.dsps(),
                            row.products(),
                            n.luts(),
                            n.shiftRegisters(),
                            n.flipFlops(),
                            (double) n.dsps() / row.products(),
                            (double) (n.luts() + n.shiftRegisters()) / row.products(),
                            n.pathPs(),
                            hasCascade(row) ? n.cascades() + " of " + row.links() : "wires",
                            row.left().isEmpty() ? "-" : String.join(", ", row.left())));
        }
        return table.toString();
    }
}
