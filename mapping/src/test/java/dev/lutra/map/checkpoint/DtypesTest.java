// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.TernaryMatrix;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DtypesTest {
    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"BF16", "F16"})
    void narrowFloatsHoldTheSameValuesAsF32(String dtype) throws IOException {
        TestCheckpoint.write(temp.resolve("wide"), TestCheckpoint.config(""), TestCheckpoint.tensors("F32", false, 1));
        TestCheckpoint.write(
                temp.resolve("narrow"), TestCheckpoint.config(""), TestCheckpoint.tensors(dtype, false, 1));
        LlamaModel wide = Checkpoint.open(temp.resolve("wide")).model();
        LlamaModel narrow = Checkpoint.open(temp.resolve("narrow")).model();
        assertThat(narrow.embedding().toArray())
                .isEqualTo(wide.embedding().toArray())
                .contains(1.5f);
        assertThat(narrow.finalNorm()).isEqualTo(wide.finalNorm());
        assertThat(narrow.layers().get(1).down().toArray())
                .isEqualTo(wide.layers().get(1).down().toArray());
    }

    /** Bit patterns and values from IEEE 754-2008, table 3.5 and its limits. */
    @ParameterizedTest
    @CsvSource({
        "0000, 0x0.0p0", "8000, -0x0.0p0", "0001, 0x1p-24", "03ff, 0x1.ff8p-15", "0400, 0x1p-14", "3c00, 1",
                "3555, 0x1.554p-2",
        "c000, -2", "7bff, 65504", "fbff, -65504", "7c00, Infinity", "fc00, -Infinity", "7e00, NaN",
                "83ff, -0x1.ff8p-15"
    })
    void halfPrecision(String bits, String value) {
        assertThat(MappedFloats.half((short) Integer.parseInt(bits, 16))).isEqualTo(Float.valueOf(value));
    }

    @Test
    void scaleConventionsAreReciprocals() throws IOException {
        LlamaModel multiplies = Checkpoint.open(TestCheckpoint.ternary(temp.resolve("a"), "autobitlinear", 3))
                .model();
        LlamaModel divides = Checkpoint.open(TestCheckpoint.ternary(temp.resolve("b"), "bitlinear", 3))
                .model();
        for (Region region : Region.OF_A_LAYER) {
            TernaryMatrix a = (TernaryMatrix) multiplies.matrices(region, 0).get(0);
            TernaryMatrix b = (TernaryMatrix) divides.matrices(region, 0).get(0);
            assertThat(a.scale()).isEqualTo(0.25f);
            assertThat(b.scale()).isEqualTo(4f);
        }
    }

    @Test
    void packedRowsAreAQuarterOfTheMatrixApart() throws IOException {
        var tensors = TestCheckpoint.tensors("F32", true, 5);
        byte[] packed = tensors.get("model.layers.0.self_attn.q_proj.weight").data();
        TestCheckpoint.ternary(temp, "autobitlinear", 5);
        TernaryMatrix q =
                (TernaryMatrix) Checkpoint.open(temp).model().layers().get(0).q();
        byte[] codes = new byte[8];
        for (int row = 0; row < 8; row++) {
            q.readCodes(row, codes);
            for (int c = 0; c < 8; c++) {
                int expected = (packed[row % 2 * 8 + c] >> 2 * (row / 2) & 3) - 1;
                assertThat(codes[c]).as("row %d, column %d", row, c).isEqualTo((byte) expected);
            }
        }
    }
}
