// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.map.SharedModels;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.quant.MixedFormat;
import dev.lutra.map.quant.WeightFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of quantisation losses in the README of stories260K: round-to-nearest, real-valued scales, floating-point head. */
class PublishedPerplexityTest {
    private static final double TOLERANCE = 0.005;

    private LlamaModel model;
    private QuantizationTable table;

    @BeforeEach
    void open() {
        Path directory = SharedModels.directory("stories260K");
        model = Checkpoint.open(directory).model();
        Map<String, List<int[]>> texts =
                EvalTexts.read(directory.resolve("eval_texts.json"), model.config(), text -> new int[] {1, 1});
        table = new QuantizationTable(model, texts);
    }

    @Test
    void floatingPoint() {
        assertThat(table.inFloat("hand")).isCloseTo(4.845, within(0.0006));
    }

    @ParameterizedTest
    @CsvSource({
        "INT4, 5.392, 5.375, 5.445",
        "TERNARY, 369, 443, 415",
    })
    void handWrittenText(WeightFormat format, double group32, double group64, double perRow) {
        check(format, 32, "hand", group32);
        check(format, 64, "hand", group64);
        check(format, 0, "hand", perRow);
    }

    @ParameterizedTest
    @CsvSource({
        "INT8, 2.638, 2.638, 2.638, 4.870, 4.871, 4.854",
        "INT6, 2.657, 2.656, 2.658, 4.882, 4.895, 4.903",
        "INT5, 2.695, 2.701, 2.705, 4.797, 4.883, 4.921",
        "INT4, 2.997, 3.072, 3.090, 5.392, 5.375, 5.445",
        "INT3, 8.003, 12.44, 15.87, 13.52, 20.03, 23.10",
        "TERNARY, 302, 346, 324, 369, 443, 415",
    })
    void wholeTable(
            WeightFormat format,
            double own32,
            double own64,
            double ownRow,
            double hand32,
            double hand64,
            double handRow) {
        assumeTrue(Boolean.getBoolean("lutra.deep"), "minutes long: runs with -Dlutra.deep=true");
        check(format, 32, "gen", own32);
        check(format, 64, "gen", own64);
        check(format, 0, "gen", ownRow);
        check(format, 32, "hand", hand32);
        check(format, 64, "hand", hand64);
        check(format, 0, "hand", handRow);
    }

    private void check(WeightFormat format, int groupSize, String text, double published) {
        QuantizationTable.Row row = table.row(format, groupSize, text);
        assertThat(row.realScales()).as(row.toString()).isCloseTo(published, within(published * TOLERANCE));
    }

    @ParameterizedTest
    @CsvSource({
        "BITMOD4, 32, 5.141",
        "BITMOD4, 64, 5.286",
        "BITMOD3, 32, 6.825",
        "BITMOD3, 64, 8.500",
        "INT4_ASYM, 32, 5.111",
    })
    void handWrittenTextOnTheBitSerialEngine(MixedFormat format, int groupSize, double published) {
        check(format, groupSize, "hand", published);
    }

    @ParameterizedTest
    @CsvSource({
        "BITMOD4, 32, 2.869",
        "BITMOD4, 64, 2.915",
        "BITMOD3, 32, 4.192",
        "BITMOD3, 64, 4.982",
        "INT4_ASYM, 32, 2.896",
    })
    void ownTextOnTheBitSerialEngine(MixedFormat format, int groupSize, double published) {
        assumeTrue(Boolean.getBoolean("lutra.deep"), "a minute long: runs with -Dlutra.deep=true");
        check(format, groupSize, "gen", published);
    }

    private void check(MixedFormat format, int groupSize, String text, double published) {
        QuantizationTable.Row row = table.row(format, groupSize, text);
        assertThat(row.realScales()).as(row.toString()).isCloseTo(published, within(published * 0.01));
    }
}
