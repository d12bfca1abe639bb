// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.machine.ProgramFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
        String root = System.getenv("LUTRA_TEST_DATA");
        assumeTrue(root != null, "LUTRA_TEST_DATA is not set: no shared checkpoints to test with");
        Path model = Path.of(root, "models", "pocket-bitnet");
        assumeTrue(Files.isDirectory(model), model + " is missing");
        StringWriter text = new StringWriter();
        int code = new CommandLine(new Lutra())
                .setOut(new PrintWriter(text))
                .execute("map", "--model", model.toString(), "--out", directory.toString(), "--json");
        assertThat(code).isZero();
        JsonNode summary = JsonMapper.shared().readTree(text.toString());
        assertThat(summary.get("program_bytes").asInt()).isLessThanOrEqualTo(2048);
        assertThat(summary.get("regions").size()).isEqualTo(5);
        assertThat(ProgramFile.read(directory.resolve("program.bin")).codeBytes())
                .isEqualTo(summary.get("program_bytes").asInt());
    }
}
