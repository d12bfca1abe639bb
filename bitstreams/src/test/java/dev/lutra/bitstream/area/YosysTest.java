// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.machine.UserException;
import dev.lutra.pe.dot.AdderArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How results are kept and failures told, with a shell script in the place of Yosys. */
class YosysTest {

    @TempDir
    Path folder;

    private Path program;
    private Path liberty;

    @BeforeEach
    void files() throws IOException {
        program = Files.createDirectories(folder.resolve("bin")).resolve("yosys");
        liberty = Files.writeString(folder.resolve("own.lib"), "library (own) { cell (STORE) { ff (Q, N) { } } }");
    }

    private Synthesis synthesise(String script) throws Exception {
        Files.writeString(program, "#!/bin/sh\necho run >> '" + folder.resolve("runs") + "'\n" + script);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        var circuit = Circuit.of(() -> new AdderArray(new AdderArray.Params(1, 2, 16)))
                .circuit();
        return new Yosys(folder.resolve("cache"), liberty, folder.resolve("bin") + ":/usr/bin:/bin")
                .synthesise(circuit, AreaTarget.CELLS, Repeat.NONE);
    }

    @Test
    void resultsAreKeptByAllTheyDependOn() throws Exception {
        String script = """
                echo 'ABC: Delay =  120.50 ps' > path.txt
                printf '   STORE   7\\n   GATE   3\\n   Chip area for module top: 12.5\\n' > stat.txt
                """;
        var expected = new Synthesis(12.5, 7, 0, 120.5);
        assertThat(synthesise(script)).isEqualTo(expected);
        Files.writeString(liberty, "library (own) { cell (GATE) { ff (Q, N) { } } }");
        assertThat(synthesise(script)).isEqualTo(new Synthesis(12.5, 3, 0, 120.5));
        assertThat(folder.resolve("runs")).hasContent("run\nrun\n");
        try (var entries = Files.list(folder.resolve("cache/entries"))) {
            assertThat(entries).hasSize(2);
        }
    }

    @Test
    void askedTwiceItRunsOnce() throws Exception {
        var circuit = Circuit.of(() -> new AdderArray(new AdderArray.Params(1, 2, 16)))
                .circuit();
        var first = synthesise("echo 'Delay = 1.0 ps' > path.txt; echo 'Chip area for module t: 2.0' > stat.txt");
        var again = new Yosys(folder.resolve("cache"), liberty, folder.resolve("bin") + ":/usr/bin:/bin")
                .synthesise(circuit, AreaTarget.CELLS, Repeat.NONE);
        assertThat(again).isEqualTo(first);
        assertThat(folder.resolve("runs")).hasContent("run\n");
    }

    @Test
    void aFailureShowsTheEndOfTheLogAndLeavesNothing() throws IOException {
        assertThatThrownBy(() -> synthesise("seq 1 20 > all.txt; echo 'ERROR: no such cell' >> all.txt; exit 3"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("exit code 3")
                .hasMessageContaining("  20\n  ERROR: no such cell")
                .hasMessageNotContaining("  12\n");
        try (var entries = Files.list(folder.resolve("cache/entries"))) {
            assertThat(entries).isEmpty();
        }
    }

    @Test
    void aMissingProgramIsSaid() {
        var circuit = Circuit.of(() -> new AdderArray(new AdderArray.Params(1, 2, 16)))
                .circuit();
        assertThatThrownBy(() ->
                        new Yosys(folder, null, folder.toString()).synthesise(circuit, AreaTarget.LUT6, Repeat.NONE))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no yosys");
    }
}
