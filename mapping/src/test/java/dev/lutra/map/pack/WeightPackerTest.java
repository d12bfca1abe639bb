// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.pack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.BitmapWords;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Tables;
import dev.lutra.machine.WeightPacking;
import dev.lutra.map.plan.Planner;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.plan.RegionShape;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.WeightFormat;
import java.util.Arrays;
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

    /**
     * Five words of 16 trits in the place of four: the first byte has the trits 2 0 1 1 of the first word and 2 of the fifth, which are the
     * number 176; the second one has the fifth word's second trit, 1, and the last one its last trit, 1. All other weights are -1.
     */
    @Test
    void fiveTernaryWordsInFour() {
        Machine machine = new Machine(
                new Engine(
                        "lut-int",
                        1,
                        4,
                        2,
                        2,
                        8,
                        true,
                        32,
                        48,
                        WeightPacking.MAPPED_PLANES,
                        2,
                        ActivationType.INT8,
                        Tables.REGISTERS,
                        true,
                        false),
                new Bus(Bus.Kind.AXI4, 32, 32, 16, 1),
                new Buffers(512, 64, 64, 128, 2048),
                4,
                true);
        RegionPlan plan = new Planner(machine).plan(new RegionShape("R", 1, 20, 4, 2, -1, 0, 127 * 20), false);
        byte[] codes = new byte[4 * 20];
        Arrays.fill(codes, (byte) -1);
        System.arraycopy(new byte[] {1, -1, 0, 0}, 0, codes, 0, 4);
        codes[16] = 1;
        codes[17] = 0;
        codes[79] = 0;
        QuantizedMatrix matrix =
                new QuantizedMatrix(WeightFormat.TERNARY, 4, 20, 0, codes, new byte[0], new float[] {1, 1, 1, 1});
        assertThat(HexFormat.of().formatHex(WeightPacker.pack(plan, matrix)))
                .isEqualTo("ba020000" + "00000000" + "00000000" + "00000002");
    }

    /**
     * Words of 8 codes of 4 bits: codes 1 and 8, none, and all. In nibbles, low end first: the bitmaps of the first word and of the second, that of the third
     * and codes 1 and 8, a bitmap of no word and no codes, and again one and all codes.
     */
    @Test
    void bitmapsLieTwoWordsAhead() {
        byte[] words = HexFormat.of().parseHex("01000080" + "00000000" + "21436587");
        assertThat(HexFormat.of().formatHex(BitmapWriter.write(new BitmapWords(8, 4), words)))
                .isEqualTo("81" + "00" + "ff" + "81" + "00" + "00" + "21436587");
        assertThat(HexFormat.of().formatHex(BitmapWriter.write(new BitmapWords(8, 4), new byte[] {0, 0, 5, 0})))
                .isEqualTo("10" + "00" + "00" + "05");
    }
}
