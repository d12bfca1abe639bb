// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lutra.bitstream.area.AreaTarget;
import dev.lutra.bitstream.area.SerialArea;
import dev.lutra.bitstream.area.Synthesis;
import dev.lutra.pe.serial.SerialPart;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Speed-ups by the paper's areas are the published simulator's; by measured ones they follow the areas. */
class ModelBenchTest {

    private static SerialArea area(double element, double multiplyAccumulate) {
        Map<SerialPart, Synthesis> parts = new EnumMap<>(SerialPart.class);
        for (SerialPart part : SerialPart.values()) {
            parts.put(part, new Synthesis(0, 0, 0, 1000));
        }
        parts.put(SerialPart.ELEMENT, new Synthesis(element, 0, 0, 1000));
        parts.put(SerialPart.MULTIPLY_ACCUMULATE, new Synthesis(multiplyAccumulate, 0, 0, 1000));
        return new SerialArea(AreaTarget.LUT6, parts);
    }

    @Test
    void thePublishedFiguresComeOut() {
        var rows = ModelBench.of(area(3, 4)).rows();
        double[] prefill = {1.375, 11.0 / 6, 11.0 / 6, 2.75, 2.75};
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i).paperPrefill()).as(rows.get(i).name()).isCloseTo(prefill[i], within(1e-9));
            // elements of three quarters of the area are what the paper has: 24 columns
            assertThat(rows.get(i).prefill()).as(rows.get(i).name()).isCloseTo(prefill[i], within(1e-9));
        }
        assertThat(rows.get(1).name()).isEqualTo("INT6");
        assertThat(rows.get(1).paperDecode()).isCloseTo(2.64, within(0.005));
        assertThat(rows.get(4).name()).isEqualTo("FP3");
        assertThat(rows.get(4).paperDecode()).isCloseTo(5.22, within(0.005));
        // three-bit codes take four bits here
        assertThat(rows.get(4).decode()).isCloseTo(16 / 4.125, within(0.005));
    }

    @Test
    void largerElementsMeetMoreMultipliers() {
        var result = ModelBench.of(area(4, 2));
        assertThat(result.prefillColumns()).isEqualTo(64);
        assertThat(result.rows().get(0).prefill()).isEqualTo(0.5);
        assertThat(result.rows().get(3).prefill()).isEqualTo(1);
        assertThat(ModelBench.table(result)).contains("element against multiply-accumulate: +100.0 %");
    }
}
