// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class NetlistTest {

    private static Mapped.Modules netlist(String modules) {
        return Netlist.read(JsonMapper.shared()
                .readTree("{'modules': {%s}}".formatted(modules).replace('\'', '"')));
    }

    private static String module(String name, String cells) {
        return "'%s': {'attributes': {}, 'cells': {%s}}".formatted(name, cells);
    }

    @Test
    void countsWhatIsInModulesAsOftenAsTheyStand() {
        var list = netlist(module("leaf", """
                'a': {'type': 'LUT6', 'connections': {}}, 'b': {'type': 'FDRE', 'connections': {'D': [7]}},
                'c': {'type': 'RAM32M16', 'connections': {}}, 'd': {'type': 'CARRY4', 'connections': {}}""") + "," + module("top", """
                'x': {'type': 'leaf', 'connections': {}}, 'y': {'type': 'leaf', 'connections': {}},
                'z': {'type': 'DSP48E2', 'connections': {}}"""));
        assertThat(list.count("top", Repeat.NONE)).isEqualTo(new Mapped.Count(18, 2, 1));
    }

    /** A few columns are synthesised and count for many; what they share counts once. */
    @Test
    void countsRepeatedModulesManyTimes() {
        var json = JsonMapper.shared()
                .readTree("{'modules': {%s}}"
                        .formatted(module("Column_t4", "'a': {'type': 'LUT6', 'connections': {}}")
                                + ","
                                + module("Columns", "'a': {'type': 'LUT2', 'connections': {}}")
                                + ","
                                + module("top", """
                'x': {'type': 'Column_t4', 'connections': {}}, 'y': {'type': 'Column_t4', 'connections': {}},
                's': {'type': 'Columns', 'connections': {}}, 'z': {'type': 'FDRE', 'connections': {}}"""))
                        .replace('\'', '"'));
        assertThat(Netlist.read(json).count("top", new Repeat(List.of("Column"), 16)))
                .isEqualTo(new Mapped.Count(33, 1, 0));
    }

    /** A LUT that feeds a flip-flop alone shares its logic cell; one that feeds something else too does not. */
    @Test
    void flipFlopsOfIce40TakeTheCellOfTheirLut() {
        String lut = "'l': {'type': 'SB_LUT4', 'connections': {'O': [5]}}";
        String flipFlop = "'f': {'type': 'SB_DFF', 'connections': {'D': [5]}}";
        String other = "'g': {'type': 'SB_LUT4', 'connections': {'I0': [5], 'O': [6]}}";
        assertThat(netlist(module("m", lut + "," + flipFlop))
                        .count("m", Repeat.NONE)
                        .area())
                .isEqualTo(1);
        assertThat(netlist(module("m", lut + "," + flipFlop + "," + other))
                        .count("m", Repeat.NONE)
                        .area())
                .isEqualTo(3);
        assertThat(netlist(module("m", flipFlop)).count("m", Repeat.NONE).area())
                .isEqualTo(1);
    }

    @Test
    void refusesCellsThatItDoesNotKnow() {
        assertThatThrownBy(() -> Netlist.cell("RAM1024X1Z")).hasMessageContaining("RAM1024X1Z");
    }
}
