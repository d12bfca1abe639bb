// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What synthesis made of a chain, its hierarchy dissolved.
 *
 * @param luts shift registers left out
 * @param shiftRegisters LUTs that are shift registers
 * @param carries cells of carry chains
 * @param dsps DSP blocks
 * @param cascades DSP blocks whose PCIN is the PCOUT of another one
 * @param unusedRegisters registers for operands, products or sums inside DSP blocks that stayed unused, with the number of blocks
 * @param pathPs worst path, cells only, no wires
 */
public record ChainNetlist(
        long luts,
        long flipFlops,
        long shiftRegisters,
        long carries,
        long dsps,
        long cascades,
        Map<String, Integer> unusedRegisters,
        double pathPs) {
    /** Registers on the way from operands to the sum, by the parameters that put them there. */
    private static final List<String> REGISTERS = List.of("AREG", "BREG", "MREG", "PREG", "A_REG", "B_REG");

    /** Counts the cells of a mapped netlist, a Yosys JSON file. */
    static ChainNetlist read(JsonNode root, String top, double pathPs) {
        long luts = 0;
        long flipFlops = 0;
        long shiftRegisters = 0;
        long carries = 0;
        List<JsonNode> dsps = new ArrayList<>();
        for (JsonNode cell : root.required("modules").required(top).required("cells")) {
            String type = cell.required("type").stringValue();
            Mapped.Count count = Netlist.cell(type);
            if (count.multipliers() > 0) {
                dsps.add(cell);
            } else if (type.startsWith("SRL")) {
                shiftRegisters++;
            } else if (type.contains("CARRY")) {
                carries++;
            }
            luts += type.startsWith("SRL") ? 0 : (long) count.area();
            flipFlops += count.flipFlops();
        }
        Map<String, Integer> unused = new TreeMap<>();
        for (JsonNode dsp : dsps) {
            for (var parameter : dsp.required("parameters").properties()) {
                if (REGISTERS.contains(parameter.getKey())
                        && parameter.getValue().stringValue().matches("0+")) {
                    unused.merge(parameter.getKey(), 1, Integer::sum);
                }
            }
        }
        return new ChainNetlist(luts, flipFlops, shiftRegisters, carries, dsps.size(), cascades(dsps), unused, pathPs);
    }

    private static long cascades(List<JsonNode> dsps) {
        Set<String> outs = new HashSet<>();
        for (JsonNode dsp : dsps) {
            JsonNode out = dsp.required("connections").get("PCOUT");
            if (out != null && !out.isEmpty()) outs.add(out.toString());
        }
        return dsps.stream()
                .map(dsp -> dsp.required("connections").get("PCIN"))
                .filter(in -> in != null && outs.contains(in.toString()))
                .count();
    }
}
