// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.bitstream.Ice40Flow;
import dev.lutra.gen.accel.HostLine;
import dev.lutra.gen.device.VirtualBoard;
import dev.lutra.machine.Machine;
import dev.lutra.machine.MachineFile;
import dev.lutra.sim.EngineKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole model through {@code uart:} on a virtual board: the tokens of the reference, and every accumulator. */
@EnabledIfSystemProperty(named = "lutra.deep", matches = "true", disabledReason = "half a minute; ./lutra test --deep")
final class VirtualBoardRunIT {

    @TempDir
    private Path directory;

    @Test
    void storiesAreThoseOfTheReference() {
        String data = System.getenv("LUTRA_TEST_DATA");
        assumeTrue(data != null, "LUTRA_TEST_DATA is not set");
        Path model = Path.of(data, "models", "stories260K");
        try (VirtualBoard board = VirtualBoard.open(Machine.smallest(), new HostLine.Uart(4), engine(), step -> {})) {
            JsonNode onBoard = run(model, board.address());
            assertThat(onBoard.required("bit_exact").booleanValue()).isTrue();
            assertThat(onBoard.required("token_ids"))
                    .isEqualTo(run(model, ModelRun.REFERENCE).required("token_ids"));
        }
    }

    /** With its weights where lutra build put them, at the bit rate of the board. */
    @Test
    void pocketBitnetReadsItsWeightsFromTheFlash() throws IOException {
        String data = System.getenv("LUTRA_TEST_DATA");
        assumeTrue(data != null, "LUTRA_TEST_DATA is not set");
        for (String tool : Ice40Flow.TOOLS) {
            assumeTrue(Programs.find(tool) != null, tool + " is not installed");
        }
        String model = Path.of(data, "models", "pocket-bitnet").toString();
        String mapped = directory.resolve("pocket").toString();
        Path board = directory.resolve("icebreaker");
        json("map", "--model", model, "--preset", "flash", "--out", mapped, "--json");
        JsonNode built =
                json("build", "--board", "icebreaker", "--program", mapped, "--out", board.toString(), "--json");
        byte[] flash = Files.readAllBytes(
                board.resolve(built.required("flash").get(0).required("file").asString()));
        Machine machine = MachineFile.read(board.resolve("machine.json")).machine();
        int clocksPerBit = (int) (built.required("clock_mhz").doubleValue()
                * 1e6
                / built.required("baud").intValue());
        try (VirtualBoard virtual =
                VirtualBoard.open(machine, new HostLine.Uart(clocksPerBit), flash, engine(), step -> {})) {
            String[] text = {
                "run", "--json", "--model", model, "--program", mapped, "--prompt", "Once", "--max-tokens", "3"
            };
            long start = virtual.cycles();
            JsonNode onBoard = json(with(text, virtual.address() + "&machine=" + board.resolve("machine.json")));
            long cycles = virtual.cycles() - start;
            JsonNode reference = json(with(text, ModelRun.REFERENCE));
            assertThat(onBoard.required("bit_exact").booleanValue()).isTrue();
            assertThat(onBoard.required("token_ids")).isEqualTo(reference.required("token_ids"));
            int positions = onBoard.required("prompt_token_ids").size()
                    + onBoard.required("token_ids").size()
                    - 1;
            double rate = positions * built.required("clock_mhz").doubleValue() * 1e6 / cycles;
            double computed = built.required("tokens_per_second").doubleValue();
            double ceiling = built.required("ceiling_tokens_per_second").doubleValue();
            System.out.printf(
                    "pocket-bitnet on the virtual board: %.3f tokens per second of its time, start included; computed %.3f, ceiling %.3f%n",
                    rate, computed, ceiling);
            assertThat(rate).isBetween(0.5 * computed, 1.02 * computed);
            assertThat(computed).isLessThan(ceiling);
        }
    }

    private static EngineKind engine() {
        return EngineKind.VERILATOR.missing().isEmpty() ? EngineKind.VERILATOR : EngineKind.EMBEDDED;
    }

    private static String[] with(String[] words, String device) {
        return Stream.concat(Stream.of(words), Stream.of("--device", device)).toArray(String[]::new);
    }

    private static JsonNode run(Path model, String device) {
        String[] words = {
            "run", "--json", "--model", model.toString(), "--weights", "int2", "--prompt", "Once", "--max-tokens", "2"
        };
        return json(with(words, device));
    }

    private static JsonNode json(String... words) {
        var out = new StringWriter();
        assertThat(Main.run(new PrintWriter(out), new PrintWriter(System.err, true), words))
                .isZero();
        return JsonMapper.shared().readTree(out.toString());
    }
}
