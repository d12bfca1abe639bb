// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.VectorShape;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VectorNetlistTest {

    /** A unit with two lanes, each with these cells, beside cells of its own. */
    private static JsonNode netlist(String lane, String own) {
        String json =
                "{'modules': {'lane': {'attributes': {}, 'cells': {%s}}, 'top': {'attributes': {}, 'cells': {'l0': {'type': 'lane', 'connections': {}}, 'l1': {'type': 'lane', 'connections': {}}, %s}}}}"
                        .formatted(lane, own);
        return JsonMapper.shared().readTree(json.replace('\'', '"'));
    }

    private static String cell(String name, String type) {
        return "'%s': {'type': '%s', 'connections': {}}".formatted(name, type);
    }

    @Test
    void countsLanesAsOftenAsTheyStand() {
        String lane = String.join(
                ", ",
                cell("a", "LUT6"),
                cell("b", "RAMB36E2"),
                cell("c", "RAMB18E2"),
                cell("d", "DSP48E2"),
                cell("e", "SRL16E"),
                cell("f", "FDRE"));
        String own = cell("g", "LUT2") + ", " + cell("h", "FDSE") + ", " + cell("i", "RAM32M16");
        assertThat(VectorNetlist.fabric(netlist(lane, own), "top", 900))
                .isEqualTo(new VectorNetlist(2 + 1 + 8, 3, 2, 2, 3, 900));
    }

    /** 1024 words of 32 bits in each lane. */
    @Test
    void countsMemoriesBesideStandardCells() {
        String lane =
                "'m': {'type': '$mem_v2', 'parameters': {'SIZE': '10000000000', 'WIDTH': '100000'}, 'connections': {}}, "
                        + cell("a", "nand2");
        var cells = new Synthesis(5000, 70, 0, 800);
        assertThat(VectorNetlist.cells(cells, netlist(lane, cell("b", "nor2")), "top"))
                .isEqualTo(new VectorNetlist(5000, 70, 0, 0, 64, 800));
    }

    @Test
    void aFurtherLaneIsADifference() {
        assertThat(area(8, 9000).perLane(area(4, 5000))).isEqualTo(1000);
    }

    private static VectorArea area(int lanes, double area) {
        return new VectorArea(AreaTarget.LUT6, new VectorShape(lanes, 64), new VectorNetlist(area, 0, 0, 0, 0, 0));
    }
}
