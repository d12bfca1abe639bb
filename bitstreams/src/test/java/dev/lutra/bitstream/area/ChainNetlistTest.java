// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.pe.dsp.DspChain;
import dev.lutra.pe.dsp.DspForm;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ChainNetlistTest {

    private static ChainNetlist netlist(String... cells) {
        String all = IntStream.range(0, cells.length)
                .mapToObj(i -> "'c%d': {%s}".formatted(i, cells[i]))
                .collect(Collectors.joining(", "));
        String json = "{'modules': {'top': {'attributes': {}, 'cells': {%s}}}}".formatted(all);
        return ChainNetlist.read(JsonMapper.shared().readTree(json.replace('\'', '"')), "top", 700);
    }

    private static String dsp(String in, String out, int mreg) {
        return "'type': 'DSP48E2', 'parameters': {'AREG': '00001', 'MREG': '0000%d', 'INMODEREG': '0'}, 'connections': {'PCIN': [%s], 'PCOUT': [%s]}"
                .formatted(mreg, in, out);
    }

    private static String cell(String type) {
        return "'type': '%s', 'connections': {}".formatted(type);
    }

    /** A cascade connection is the whole PCOUT of another block; constants, and buses of which a bit is another one, are none. */
    @Test
    void countsCascadesAndWhatIsBesideThem() {
        var found = netlist(
                dsp("'0', '0'", "2, 3", 1),
                dsp("2, 3", "4, 5", 0),
                dsp("4, 6", "7, 8", 0),
                cell("LUT6"),
                cell("SRL16E"),
                cell("FDRE"),
                cell("CARRY8"));
        assertThat(found).isEqualTo(new ChainNetlist(1, 1, 1, 1, 3, 1, Map.of("MREG", 2), 700));
    }

    @Test
    void saysWhatWasNotPacked() {
        var rival = new DspChain.Params(DspForm.PORTABLE, 8, 4, 12);
        var none = new ChainNetlist(0, 0, 0, 9, 20, 0, Map.of("MREG", 3), 0);
        assertThat(new ChainArea(ChainArea.Family.XCUP, rival, none).left())
                .containsExactly("4 of 24 multipliers", "MREG of 3", "22 of 22 cascades (9 carry cells)");
        var chain = new DspChain.Params(DspForm.DSP48E2, 8, 4, 12);
        var all = new ChainNetlist(0, 0, 0, 9, 12, 11, Map.of(), 0);
        var row = new ChainArea(ChainArea.Family.XCUP, chain, all);
        assertThat(row.left()).isEmpty();
        assertThat(row.products()).isEqualTo(24);
        assertThat(row.links()).isEqualTo(11);
    }

    /** With -dsp Yosys makes other blocks of those that are there. */
    @Test
    void blocksThatAreThereAreNotInferredAgain() {
        assertThat(ChainArea.Family.ICE40.script("top", DspForm.SB_MAC16)).doesNotContain("-dsp");
        assertThat(ChainArea.Family.ICE40.script("top", DspForm.PORTABLE)).contains("-dsp");
    }
}
