// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.bitstream.board.Boards;
import dev.lutra.bitstream.board.Fit;
import dev.lutra.machine.FlashImage;
import dev.lutra.machine.Machine;
import dev.lutra.machine.MachineFile;
import dev.lutra.machine.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The smallest accelerator on the smallest FPGA. */
final class Ice40FlowIT {

    /** What the accelerator may take of the 5,280 logic cells of a UP5K. */
    private static final int LOGIC_CELLS = 4_500;

    @TempDir
    private Path directory;

    @BeforeAll
    static void needsTools() {
        Tool.need(Ice40Flow.TOOLS);
    }

    /** With all that it can have: the weights in the board's flash. */
    @Test
    void theSmallestAcceleratorFitsAndMeetsTheClockOfItsBoard() throws IOException, InterruptedException {
        Machine machine = Machine.smallestWithFlash();
        BitstreamManifest built = build("first", "icebreaker", machine);
        System.out.println("smallest accelerator on icebreaker, weights in the flash: " + built);
        assertThat(built.resources().get("logic_cells").used()).isBetween(1, LOGIC_CELLS);
        assertThat(built.clockMhz()).isEqualTo(12);
        assertThat(built.fmaxMhz()).isGreaterThan(12 * 1.2);
        assertThat(built.marginPercent()).isCloseTo((built.fmaxMhz() / 12 - 1) * 100, within(0.1));
        assertThat(built.fingerprint()).isEqualTo(machine.fingerprintText());
        byte[] bits = Files.readAllBytes(directory.resolve("first").resolve(built.bitstream()));
        assertThat(bits.length).isGreaterThan(100_000); // all frames of a UP5K, whatever is in them
        assertThat(built.sha256()).isEqualTo(sha256(bits));
        assertThat(MachineFile.read(directory.resolve("first").resolve(built.machine()))
                        .machine())
                .isEqualTo(machine);
        assertThat(built.tools()).containsOnlyKeys("yosys", "nextpnr-ice40", "icepack");

        // The second time it comes from the catalogue: nothing is synthesised.
        assertThat(builds("first").list()).containsExactly(built);
        BitstreamManifest again = builds("first")
                .build(Boards.named("icebreaker"), machine, directory.resolve("again"), step -> fail(step));
        assertThat(again).isEqualTo(built);

        // Weights beside it.
        byte[] image = {1, 2, 3};
        BitstreamManifest with = BoardBuild.addWeights(directory.resolve("again"), machine, ByteBuffer.wrap(image));
        byte[] flash = Files.readAllBytes(directory.resolve("again").resolve("weights.flash"));
        assertThat(flash).hasSize(FlashImage.HEAD_BYTES + 3).endsWith(1, 2, 3);
        assertThat(with.flash())
                .containsExactly(new BitstreamManifest.Flash("weights.flash", 512 << 10, flash.length, sha256(flash)));
        assertThat(BitstreamManifest.in(directory.resolve("again"))).isEqualTo(with);
        assertThat(builds("first").list()).containsExactly(built);

        if (Boolean.getBoolean("lutra.deep")) {
            assertThat(build("second", "icebreaker", machine).sha256()).isEqualTo(built.sha256());
        }
    }

    @Test
    void theSameWithoutAFlashIsSmaller() throws InterruptedException {
        assumeTrue(Boolean.getBoolean("lutra.deep"), "skipped without --deep");
        BitstreamManifest built = build("small", "icebreaker", Machine.smallest());
        System.out.println("smallest accelerator on icebreaker: " + built);
        assertThat(built.resources().get("logic_cells").used()).isBetween(1, LOGIC_CELLS);
        assertThat(built.fmaxMhz()).isGreaterThan(12 * 1.2);
    }

    @Test
    void aMachineWithLessMemoryIsBuiltForTheLargerPart() throws InterruptedException {
        assumeTrue(Boolean.getBoolean("lutra.deep"), "skipped without --deep");
        Machine machine = Fit.of(Boards.named("hx8k"), Machine.smallest())
                .smaller()
                .orElseThrow()
                .machine();
        BitstreamManifest built = build("hx8k", "hx8k", machine);
        System.out.println("on hx8k: " + built);
        assertThat(built.fmaxMhz()).isGreaterThan(12);
        assertThat(built.resources().get("block_rams").used()).isGreaterThan(8);
    }

    @Test
    void whatCannotBeBuiltIsSaidBeforeAnyToolRuns() {
        assertThatThrownBy(() -> build("none", "kv260", Machine.smallest()))
                .hasMessage("board kv260 has the tools 'vivado', which Lutra does not run");
        assertThatThrownBy(() -> build("none", "icebreaker", Machine.standard()))
                .hasMessage("board icebreaker has no memory behind AXI4, which this machine wants");
    }

    private BoardBuild builds(String catalogue) {
        return new BoardBuild(directory.resolve("catalogue-" + catalogue), System.getenv("PATH"));
    }

    private BitstreamManifest build(String name, String board, Machine machine) throws InterruptedException {
        return builds(name).build(Boards.named(board), machine, directory.resolve(name), step -> {});
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void aDesignThatIsWrongIsToldWithTheFirstError() throws IOException {
        Path source =
                Files.writeString(directory.resolve("top.v"), "module top(output o);\n  assign o = ;\nendmodule\n");
        assertThatThrownBy(() -> new Ice40Flow(directory).run("top", List.of(source)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("yosys failed")
                .hasMessageContaining("top.v:2: ERROR: syntax error");
    }
}
