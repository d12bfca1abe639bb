// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EvalCommandTest {
    @TempDir
    private Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int eval(String texts, String weights) throws IOException {
        Path model = Path.of("src/main/resources/models/pocket-bitnet");
        Path file = Files.writeString(temp.resolve("texts.json"), texts);
        String[] args = {
            "eval", "--model", model.toString(), "--texts", file.toString(), "--weights", weights, "--group", "0"
        };
        return Main.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    @Test
    void likelyTextHasALowPerplexity() throws IOException {
        assertThat(eval(
                        "{\"likely\": [\"Once upon a time, there was a little girl\"], \"ids\": [[0, 7, 99]]}",
                        "ternary"))
                .isZero();
        String[] lines = out.toString().split("\\R");
        assertThat(lines).hasSize(5);
        assertThat(lines[2]).startsWith("ternary   per row  likely");
        assertThat(Double.parseDouble(lines[2].substring(31).trim().split(" +")[0]))
                .isBetween(1.0, 8.0);
        assertThat(lines[4]).contains("ids");
    }

    @Test
    void asJsonItIsOneObjectOfTheSameNumbers() throws IOException {
        Path model = Path.of("src/main/resources/models/pocket-bitnet");
        Path file = Files.writeString(temp.resolve("texts.json"), "{\"t\": [\"Once upon a time\"]}");
        String[] args = {
            "eval",
            "--model",
            model.toString(),
            "--texts",
            file.toString(),
            "--weights",
            "int4",
            "--group",
            "32",
            "--json"
        };
        assertThat(Main.run(new PrintWriter(out), new PrintWriter(err), args)).isZero();
        JsonNode all = JsonMapper.shared().readTree(out.toString());
        assertThat(all.get("model").asString()).isEqualTo("pocket-bitnet");
        assertThat(all.get("rows").size()).isEqualTo(2);
        assertThat(all.get("rows").get(0).get("perplexity_as_on_device").isNull())
                .isTrue();
        JsonNode row = all.get("rows").get(1);
        assertThat(row.get("weights").asString()).isEqualTo("int4");
        assertThat(row.get("group").asInt()).isEqualTo(32);
        assertThat(row.get("text").asString()).isEqualTo("t");
        assertThat(row.get("perplexity_real_scales").asDouble()).isGreaterThan(1);
        assertThat(row.get("perplexity_as_on_device").asDouble()).isGreaterThan(1);
    }

    @Test
    void otherActivationsAreMeasuredBesideInt8() throws IOException {
        Path model = Path.of("src/main/resources/models/pocket-bitnet");
        Path file = Files.writeString(temp.resolve("texts.json"), "{\"t\": [\"Once upon a time there was\"]}");
        String[] args = {
            "eval",
            "--model",
            model.toString(),
            "--texts",
            file.toString(),
            "--weights",
            "ternary",
            "--group",
            "0",
            "--activations",
            "8,2,16,fp16"
        };
        assertThat(Main.run(new PrintWriter(out), new PrintWriter(err), args)).isZero();
        String[] lines = out.toString().split("\\R");
        assertThat(lines).hasSize(7);
        String[] names = {"ternary ", "ternary a8 ", "ternary a2 ", "ternary a16 ", "ternary fp16 "};
        for (int i = 0; i < names.length; i++) {
            assertThat(lines[2 + i]).startsWith(names[i]);
        }
        assertThat(lines[3].substring(24)).isEqualTo(lines[2].substring(24));
        double[] onDevice = Stream.of(lines)
                .skip(2)
                .mapToDouble(line -> Double.parseDouble(line.trim().split(" +")[line.startsWith("ternary  ") ? 5 : 6]))
                .toArray();
        // two wide types are nearly alike, two bits are not
        assertThat(onDevice[4]).isCloseTo(onDevice[3], withinPercentage(1));
        assertThat(onDevice[2]).isNotCloseTo(onDevice[3], withinPercentage(5));
    }

    @Test
    void prunedModelsAreMeasuredBesideTheDenseOne() throws IOException {
        Path model = Path.of("src/main/resources/models/pocket-bitnet");
        Path file = Files.writeString(temp.resolve("texts.json"), "{\"t\": [\"Once upon a time there was\"]}");
        String[] args = {
            "eval",
            "--model",
            model.toString(),
            "--texts",
            file.toString(),
            "--weights",
            "ternary",
            "--group",
            "0",
            "--sparse",
            "8:8,1:8/down=1:1",
            "--calibration",
            "t"
        };
        assertThat(Main.run(new PrintWriter(out), new PrintWriter(err), args)).isZero();
        String[] lines = out.toString().split("\\R");
        assertThat(lines[2]).startsWith("ternary ");
        assertThat(lines[4]).startsWith("ternary 8:8 ");
        assertThat(lines[6]).startsWith("ternary 1:8/down=1:1 ");
        // All of 8 kept is the dense model, to the last bit; one of 8 is another one.
        assertThat(lines[4].substring(24)).isEqualTo(lines[2].substring(24));
        assertThat(lines[6].substring(24)).isNotEqualTo(lines[2].substring(24));
        assertThat(lines[10].trim())
                .startsWith("ternary   1:8")
                .contains("0.250")
                .contains("0.078");
    }

    @Test
    void badArgumentsAreBadInput() throws IOException {
        assertThat(eval("{\"t\": [\"a b\"]}", "int9")).isEqualTo(ExitCode.BAD_INPUT.number());
        assertThat(err.toString()).contains("int9");
        assertThat(eval("{\"t\": [[0, 512]]}", "int8")).isEqualTo(ExitCode.BAD_INPUT.number());
        assertThat(err.toString()).contains("t[0][1] is 512");
        assertThat(eval("{\"t\": []}", "int8")).isEqualTo(ExitCode.BAD_INPUT.number());
    }
}
