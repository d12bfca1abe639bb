// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.pack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.map.plan.Planner;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.plan.RegionShape;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.WeightFormat;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class WeightPackerTest {
    /**
     * The worked example of the table engine (weights 5, -6, -1, 0 at 4 bits, codes 13, 2, 7, 8): mapped nibbles of the planes from
     * the most significant are 1110, 0101, 0110, 0101. Column 0 of eight columns, the others are padding.
     */
    @Test
    void workedExample() {
        Machine machine = new Machine(
                new Engine("lut-int", 1, 8, 4, 1, 8, true, 32, 48),
                new Bus(Bus.Kind.AXI4, 32, 32, 16, 1),
                new Buffers(512, 64, 64, 128, 2048),
                4,
                true);
        RegionPlan plan = new Planner(machine).plan(new RegionShape("R", 1, 4, 1, 4, 1, 4, 127 * 12 * 200), false);
        QuantizedMatrix matrix = new QuantizedMatrix(
                WeightFormat.INT4, 1, 4, 4, new byte[] {5, -6, -1, 0}, new byte[] {(byte) 200}, new float[1]);
        assertThat(HexFormat.of().formatHex(WeightPacker.pack(plan, matrix)))
                .isEqualTo("c800000000000000" + "0e000000" + "05000000" + "06000000" + "05000000");
    }
}
