// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What synthesis made of a vector unit, whose lanes are mapped once and counted as often as they stand.
 *
 * @param area LUTs without shift registers, logic cells, or the unit of the Liberty file without memories
 * @param flipFlops registers
 * @param shiftRegisters LUTs that are shift registers
 * @param dsps DSP blocks
 * @param memories block RAMs, a RAMB18 half of one; on standard cells Kbit that are left to memories
 * @param pathPs worst path inside the unit or a lane, cells only, no wires
 */
public record VectorNetlist(
        double area, long flipFlops, long shiftRegisters, long dsps, double memories, double pathPs) {

    private static final double KBIT = 1024;

    private static final Map<String, Double> BLOCKS = Map.of("RAMB36E2", 1.0, "RAMB18E2", 0.5, "SB_RAM40_4K", 1.0);

    /** Counts a netlist of an FPGA, a Yosys JSON file. */
    static VectorNetlist fabric(JsonNode root, String top, double pathPs) {
        VectorNetlist counted = count(root.required("modules"), top);
        return new VectorNetlist(
                counted.area, counted.flipFlops, counted.shiftRegisters, counted.dsps, counted.memories, pathPs);
    }

    /** Standard cells as they were counted, and the memories that stand beside them in their netlist. */
    static VectorNetlist cells(Synthesis cells, JsonNode root, String top) {
        return new VectorNetlist(
                cells.area(), cells.flipFlops(), 0, 0, memories(root.required("modules"), top), cells.pathPs());
    }

    private static VectorNetlist count(JsonNode modules, String module) {
        JsonNode cells = modules.required(module).required("cells");
        double area = Netlist.loneFlipFlops(cells);
        long flipFlops = 0;
        long shiftRegisters = 0;
        long dsps = 0;
        double memories = 0;
        for (JsonNode cell : cells) {
            String type = cell.required("type").stringValue();
            Double block = BLOCKS.get(type);
            if (isModule(modules, type)) {
                VectorNetlist inside = count(modules, type);
                area += inside.area;
                flipFlops += inside.flipFlops;
                shiftRegisters += inside.shiftRegisters;
                dsps += inside.dsps;
                memories += inside.memories;
            } else if (block != null) {
                memories += block;
            } else if (type.startsWith("SRL")) {
                shiftRegisters++;
            } else {
                Mapped.Count count = Netlist.cell(type);
                area += count.area();
                flipFlops += count.flipFlops();
                dsps += count.multipliers();
            }
        }
        return new VectorNetlist(area, flipFlops, shiftRegisters, dsps, memories, 0);
    }

    private static double memories(JsonNode modules, String module) {
        double kbit = 0;
        for (JsonNode cell : modules.required(module).required("cells")) {
            String type = cell.required("type").stringValue();
            if (isModule(modules, type)) {
                kbit += memories(modules, type);
            } else if (type.startsWith("$mem")) {
                JsonNode parameters = cell.required("parameters");
                kbit += number(parameters, "SIZE") * number(parameters, "WIDTH") / KBIT;
            }
        }
        return kbit;
    }

    private static long number(JsonNode parameters, String name) {
        return Long.parseLong(parameters.required(name).stringValue(), 2);
    }

    private static boolean isModule(JsonNode modules, String type) {
        JsonNode definition = modules.get(type);
        return definition != null && !definition.required("attributes").has("blackbox");
    }
}
