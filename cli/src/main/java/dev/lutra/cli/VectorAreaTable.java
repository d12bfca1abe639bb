// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.bitstream.area.VectorArea;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results of {@code lutra bench area --vector}. */
final class VectorAreaTable {

    private VectorAreaTable() {}

    static Map<String, Object> json(VectorArea unit) {
        var netlist = unit.netlist();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("target", unit.target().id());
        json.put("lanes", unit.shape().lanes());
        json.put("rows", unit.shape().rows());
        json.put("area", netlist.area());
        json.put("shift_registers", netlist.shiftRegisters());
        json.put("flip_flops", netlist.flipFlops());
        json.put("dsps", netlist.dsps());
        json.put("memories", netlist.memories());
        json.put("path_ps", netlist.pathPs());
        return json;
    }

    static String table(List<VectorArea> units) {
        var table = new StringBuilder();
        table.append("%-6s %5s %15s %12s %6s %9s %5s %9s %8s%n"
                .formatted("target", "lanes", "area", "per further", "SRL", "registers", "DSP", "memories", "path ps"));
        table.append("%41s%n".formatted("lane"));
        VectorArea before = null;
        for (VectorArea unit : units) {
            var n = unit.netlist();
            String further =
                    before == null || before.target() != unit.target() ? "-" : "%.0f".formatted(unit.perLane(before));
            table.append("%-6s %5d %15s %12s %6d %9d %5d %9s %8.0f%n"
                    .formatted(
                            unit.target().id(),
                            unit.shape().lanes(),
                            "%.0f %s".formatted(n.area(), unit.target().unit()),
                            further,
                            n.shiftRegisters(),
                            n.flipFlops(),
                            n.dsps(),
                            memories(unit),
                            n.pathPs()));
            before = unit;
        }
        return table.toString();
    }

    private static String memories(VectorArea unit) {
        double memories = unit.netlist().memories();
        return switch (unit.target()) {
            case LUT6 -> "%.1f".formatted(memories);
            case ICE40 -> "%.0f".formatted(memories);
            case CELLS -> "%.0f Kbit".formatted(memories);
        };
    }
}
