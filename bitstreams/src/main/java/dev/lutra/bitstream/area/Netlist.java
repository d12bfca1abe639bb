// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Reads a mapped netlist, a Yosys JSON file, into what its modules take. */
final class Netlist {

    private Netlist() {}

    /** What each module takes. */
    static Mapped.Modules read(JsonNode root) {
        JsonNode modules = root.required("modules");
        var read = new TreeMap<String, Mapped.Module>();
        for (var module : modules.properties()) {
            if (module.getValue().required("attributes").has("blackbox")) continue;
            JsonNode cells = module.getValue().required("cells");
            var own = new Mapped.Count(loneFlipFlops(cells), 0, 0);
            var inside = new TreeMap<String, Integer>();
            for (JsonNode cell : cells) {
                String type = cell.required("type").stringValue();
                JsonNode definition = modules.get(type);
                if (definition != null && !definition.required("attributes").has("blackbox")) {
                    inside.merge(type, 1, Integer::sum);
                } else {
                    own = own.plus(cell(type));
                }
            }
            read.put(module.getKey(), new Mapped.Module(own, inside));
        }
        return new Mapped.Modules(read);
    }

    /**
     * What one cell counts.
     *
     * @throws IllegalStateException for a cell that is not known: no cell is left out silently
     */
    static Mapped.Count cell(String type) {
        if (type.matches("LUT[1-6]|INV|SB_LUT4|SRL16E|SRLC32E")) return new Mapped.Count(1, 0, 0);
        if (type.matches("FD[RSCP]E(_1)?|SB_DFF\\w*")) return new Mapped.Count(0, 1, 0);
        if (type.matches("DSP48\\w*|SB_MAC16")) return new Mapped.Count(0, 0, 1);
        // MUXF and carry cells stand beside LUTs that are counted.
        if (type.matches("MUXF[789]|CARRY[48]|SB_CARRY|GND|VCC")) return new Mapped.Count(0, 0, 0);
        long luts = switch (type) {
            case "RAM32X1S", "RAM64X1S" -> 1;
            case "RAM32X1D", "RAM64X1D", "RAM128X1S" -> 2;
            case "RAM32M", "RAM64M", "RAM128X1D", "RAM256X1S" -> 4;
            case "RAM32M16", "RAM64M8", "RAM256X1D", "RAM512X1S", "RAM32X16DR8", "RAM64X8SW" -> 8;
            default -> throw new IllegalStateException("no area is known of a cell " + type);
        };
        return new Mapped.Count(luts, 0, 0);
    }

    /** iCE40: a flip-flop whose input is not the output of a LUT that drives nothing else takes a logic cell of its own. */
    static long loneFlipFlops(JsonNode cells) {
        Map<String, Integer> loads = new HashMap<>();
        Set<String> lutOutputs = new HashSet<>();
        for (JsonNode cell : cells) {
            boolean lut = cell.required("type").stringValue().equals("SB_LUT4");
            for (var port : cell.required("connections").properties()) {
                if (lut && port.getKey().equals("O")) {
                    lutOutputs.add(port.getValue().get(0).toString());
                } else {
                    for (JsonNode bit : port.getValue()) loads.merge(bit.toString(), 1, Integer::sum);
                }
            }
        }
        long alone = 0;
        for (JsonNode cell : cells) {
            if (cell.required("type").stringValue().startsWith("SB_DFF")) {
                String data = cell.required("connections").required("D").get(0).toString();
                if (!lutOutputs.contains(data) || loads.getOrDefault(data, 0) > 1) alone++;
            }
        }
        return alone;
    }
}
