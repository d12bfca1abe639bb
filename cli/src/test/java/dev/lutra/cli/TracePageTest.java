// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TracePageTest {
    private static final String MODEL = "src/main/resources/models/pocket-bitnet";
    private static final String BEGIN = "<script type=\"application/json\" id=\"data\">";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** One token from an empty prompt is one step, so the page has to add up to what the run says of itself. */
    @Test
    void thePageAddsUpToTheCountersOfTheStep() throws IOException {
        Path page = folder.resolve("trace.html");
        assertThat(run("--device", "sim:embedded", "--trace", page.toString())).isZero();
        JsonNode result = JsonMapper.shared().readTree(out.toString());
        String html = Files.readString(page);
        int begin = html.indexOf(BEGIN) + BEGIN.length();
        JsonNode data = JsonMapper.shared().readTree(html.substring(begin, html.indexOf("</script>", begin)));

        assertThat(data.get("cycles").asLong())
                .isEqualTo(result.get("device_cycles").asLong());
        assertThat(data.get("regions").size()).isEqualTo(result.get("regions").asInt());
        long[] bytes = new long[4];
        long ceiling = 0;
        for (JsonNode region : data.get("regions")) {
            assertThat(region.get("before").asInt()).isZero();
            ceiling += region.get("ceiling").asLong();
            for (JsonNode bar : region.get("bars")) {
                bytes[bar.get(0).asInt()] += bar.get(6).asLong();
                String instruction =
                        data.get("instructions").get(bar.get(5).asInt()).asString();
                assertThat(instruction)
                        .startsWith(new String[] {"lda", "ld", "mx", "st"}
                                [bar.get(0).asInt()]);
            }
        }
        assertThat(ceiling).isEqualTo(result.get("ceiling_cycles").asLong());
        // The program is read, too, once: it is no instruction's data.
        assertThat(bytes[0] + bytes[1] + result.get("program_bytes").asLong())
                .isEqualTo(result.get("bytes_read").asLong());
        assertThat(bytes[3]).isEqualTo(result.get("bytes_written").asLong());
        assertThat(IntStream.range(0, 4).filter(unit -> bytes[unit] == 0)).containsExactly(2);
    }

    @Test
    void whatIsNoAcceleratorHasNoTrace() {
        assertThat(run("--device", "reference", "--trace", "trace.html")).isEqualTo(ExitCode.BAD_INPUT.number());
        assertThat(err.toString()).contains("--trace needs an accelerator");
    }

    @Test
    void whatCannotBeWrittenIsSaidBeforeTheRun() {
        Path nowhere = folder.resolve("none").resolve("trace.html");
        assertThat(run("--device", "sim:embedded", "--trace", nowhere.toString()))
                .isEqualTo(ExitCode.BAD_INPUT.number());
        assertThat(err.toString()).contains("there is no folder " + nowhere.getParent());
        assertThat(run("--device", "sim:embedded", "--trace", folder.toString()))
                .isEqualTo(ExitCode.BAD_INPUT.number());
        assertThat(err.toString())
                .contains(folder + " can be written: it is a folder")
                .doesNotContain("reading");
    }

    private int run(String... more) {
        String[] args = {"run", "--model", MODEL, "--max-tokens", "1", "--no-check", "--json"};
        String[] all = Stream.of(args, more).flatMap(Stream::of).toArray(String[]::new);
        return Main.run(new PrintWriter(out), new PrintWriter(err), all);
    }
}
