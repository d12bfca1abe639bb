// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.machine.ProgramFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MapCommandTest {
    @TempDir
    Path directory;

    @Test
    void writesAProgramThatReadsBack() {
        JsonNode summary = JsonMapper.shared().readTree(map("--json"));
        assertThat(summary.get("program_bytes").asInt()).isLessThanOrEqualTo(2048);
        assertThat(summary.get("no_step").isNull()).isTrue();
        assertThat(summary.get("regions").size()).isEqualTo(5);
        assertThat(ProgramFile.read(directory.resolve("program.bin")).codeBytes())
                .isEqualTo(summary.get("program_bytes").asInt());
    }

    /** A step keeps keys and values as numbers or bytes. */
    @Test
    void saysWhyThereIsNoStep() {
        assertThat(map("--lanes", "4")).doesNotContain("no STEP");
        String why = "keys and values are int4";
        assertThat(map("--lanes", "4", "--kv", "int4")).contains("no STEP      " + why);
        assertThat(JsonMapper.shared()
                        .readTree(map("--lanes", "4", "--kv", "int4", "--json"))
                        .get("no_step")
                        .asString())
                .isEqualTo(why);
        assertThat(directory.resolve("program.txt")).content().contains("; no STEP: " + why);
    }

    /** What is printed for pocket-bitnet. */
    private String map(String... options) {
        String root = System.getenv("LUTRA_TEST_DATA");
        assumeTrue(root != null, "LUTRA_TEST_DATA is not set: no shared checkpoints to test with");
        Path model = Path.of(root, "models", "pocket-bitnet");
        assumeTrue(Files.isDirectory(model), model + " is missing");
        List<String> arguments =
                new ArrayList<>(List.of("map", "--model", model.toString(), "--out", directory.toString()));
        arguments.addAll(List.of(options));
        StringWriter text = new StringWriter();
        int code = new CommandLine(new Lutra()).setOut(new PrintWriter(text)).execute(arguments.toArray(String[]::new));
        assertThat(code).isZero();
        return text.toString();
    }
}
