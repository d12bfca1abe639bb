// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** {@code boards}, {@code build}, {@code program} and {@code virtual} as users see them. */
final class BoardCommandsTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private int run(String... args) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    @Test
    void boardsAreListedAndDescribed() {
        assertThat(run("boards", "--json")).isZero();
        assertThat(JsonMapper.shared().readTree(out.toString()).size()).isEqualTo(9);
        assertThat(run("boards", "hx8k")).isZero();
        assertThat(out.toString())
                .contains("iCE40HX8K-CT256")
                .contains("uart_rx B10")
                .contains("spi:/dev/spidev0.0, 3000000 baud");
    }

    @Test
    void theCommandThatLoadsABitstreamIsShown() throws IOException {
        Files.writeString(directory.resolve("manifest.json"), """
                {"board": "icebreaker", "part": "iCE40UP5K-SG48", "bitstream": "board.bin", "sha256": "", "fmax_mhz": 20.5,
                 "clock_mhz": 12.0, "margin_percent": 70.8, "host": "uart", "baud": 1000000, "resources": {}, "fingerprint": "", "build_id": "",
                 "machine": "machine.json", "seed": 1, "tools": {},
                 "flash": [{"file": "weights.flash", "offset": 524288, "bytes": 64, "sha256": ""}]}
                """);
        assertThat(run("program", directory.toString(), "--dry-run")).isEqualTo(ExitCode.BAD_INPUT.number());
        assertThat(err.toString()).contains("weights.flash is missing");
        Path weights = Files.writeString(directory.resolve("weights.flash"), "");
        assertThat(run("program", directory.toString(), "--dry-run")).isEqualTo(ExitCode.BAD_INPUT.number());
        assertThat(err.toString()).contains("board.bin is missing");
        Path bits = Files.writeString(directory.resolve("board.bin"), "");
        assertThat(run("program", directory.toString(), "--dry-run")).isZero();
        // The weights first, where the machine reads them; then the bitstream, which runs at once.
        assertThat(out.toString().lines().toList())
                .isIn(
                        List.of("iceprog -o 0x80000 " + weights, "iceprog -o 0x0 " + bits),
                        List.of(
                                "openFPGALoader -b ice40_generic -o 0x80000 " + weights,
                                "openFPGALoader -b ice40_generic -o 0x0 " + bits));
    }

    @Test
    void mistakesAreSaid() {
        assertThat(run("build")).isEqualTo(ExitCode.BAD_INPUT.number());
        assertThat(run("build", "--board", "nexys")).isEqualTo(ExitCode.BAD_INPUT.number());
        assertThat(run("build", "--board", "hx8k", "--host", "xdma")).isEqualTo(ExitCode.BAD_INPUT.number());
        assertThat(run("program", directory.toString())).isEqualTo(ExitCode.BAD_INPUT.number());
        assertThat(run("virtual", "--preset", "default")).isEqualTo(ExitCode.BAD_INPUT.number());
        assertThat(run("boards", "--write", "x.json")).isEqualTo(ExitCode.BAD_INPUT.number());
        assertThat(err.toString())
                .contains("--board is missing")
                .contains("there is no board 'nexys'")
                .contains("board hx8k has no host link 'xdma'")
                .contains("It has: uart, spi")
                .contains("manifest.json: there is no such file")
                .contains("has its memory on the chip, this machine has AXI4")
                .contains("--write needs a board and a machine");
    }
}
