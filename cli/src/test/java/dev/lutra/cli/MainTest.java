// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static dev.lutra.hdl.Hdl.uint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.RunError;
import dev.lutra.machine.UserException;
import dev.lutra.map.exec.RunFault;
import dev.lutra.runtime.device.Device;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.engine.ToolException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    @Test
    void withoutACommandItIsAUsageError() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("Which command?").contains("Usage: lutra");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void unknownCommandIsAUsageError() {
        assertThat(run("fly")).isEqualTo(2);
        assertThat(err.toString()).contains("fly");
        assertThat(run("run", "--model", "m", "--max-tokens", "many")).isEqualTo(2);
        assertThat(err.toString())
                .contains("'many' is not an int")
                .contains("./lutra run --help")
                .doesNotContain("Usage:");
    }

    @Test
    void aResultThatCannotBeWrittenIsNoSuccess() {
        for (String[] args : new String[][] {{"info"}, {"info", "--json"}, {"--help"}}) {
            PrintWriter full = new PrintWriter(new StandardOutput(failing("No space left on device")), true);
            assertThat(Main.run(full, new PrintWriter(err), args)).isEqualTo(3);
            assertThat(err.toString()).startsWith("lutra: standard output cannot be written: No space left on device");
        }
    }

    @Test
    void aReaderThatHasGoneEndsTheCommandQuietly() {
        PrintWriter closed = new PrintWriter(new StandardOutput(failing("Broken pipe")), true);
        assertThat(Main.run(closed, new PrintWriter(err), "info")).isEqualTo(141);
        assertThat(err.toString()).isEmpty();
    }

    private static OutputStream failing(String reason) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        };
    }

    @Test
    void optionsThatCannotBeMeantAreBadInput() {
        String model = "src/main/resources/models/pocket-bitnet";
        String[][] cases = {
            {"--max-tokens", "0", "--max-tokens is 0"},
            {"--prompt", "a\uFFFDb", "--prompt: character 2 is no valid UTF-8"},
            {"--timeout", "0", "--timeout is 0"},
            {"--timeout", "9999999999999", "--timeout is 9999999999999"},
            {"--device", "fast", "--device is 'fast'"},
            {"--temperature", "NaN", "temperature NaN"},
            {"--weights", "int9", "--weights is 'int9'"},
            {"--head", "int7", "--head is 'int7'"},
            {"--kv", "fp8", "--kv is 'fp8'"},
        };
        for (String[] wrong : cases) {
            assertThat(run("run", "--model", model, wrong[0], wrong[1]))
                    .as(wrong[0])
                    .isEqualTo(3);
            assertThat(err.toString()).contains(wrong[2]);
        }
    }

    @Test
    void aDeviceThatABenchDoesNotTakeIsRefused() {
        assertThat(run("bench", "prefill", "--device", "uart:/dev/ttyUSB1")).isEqualTo(3);
        assertThat(err.toString()).contains("--device is 'uart:/dev/ttyUSB1', but bench prefill takes none");
    }

    @Test
    void everyKindOfDeviceIsNamed() {
        assertThat(run("run", "--model", "m", "--device", "fast")).isEqualTo(3);
        assertThat(run("run", "--help")).isZero();
        Throwable unknown = catchThrowable(() -> Device.open("fast:1"));
        assertThat(Device.forms()).hasSize(7).allSatisfy(form -> {
            assertThat(err.toString()).contains(form);
            assertThat(out.toString().replaceAll("\\s+", " ")).contains(form);
            assertThat(unknown)
                    .isInstanceOfSatisfying(
                            UserException.class,
                            wrong -> assertThat(wrong.hint()).contains(form));
        });
    }

    @Test
    void findingsAboutHardwareGoToAJsonFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("findings.json");
        assertThat(run("gen", "engine", "--out", folder.toString(), "--diagnostics", file.toString()))
                .as(err.toString())
                .isZero();
        var findings = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(findings.get("version").asInt()).isEqualTo(1);
        assertThat(findings.get("errors").asInt()).isZero();
        assertThat(findings.get("diagnostics").isArray()).isTrue();
    }

    @Test
    void statisticsAndConstraintsComeWithTheVerilog(@TempDir Path folder) throws IOException {
        String[] gen = {"gen", "engine", "--columns", "4", "--tables", "2", "--bus", "32", "--out", folder.toString()};
        assertThat(run(with(gen, "--stats", "--period", "4")))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("instance", ": TableLane", "adder: ");
        assertThat(Files.readString(folder.resolve("LutCore.sdc")))
                .contains("create_clock -name clk -period 4.000 [get_ports {clk}]");
        assertThat(folder.resolve("LutCore.xdc")).exists();

        out.getBuffer().setLength(0);
        assertThat(run(with(gen, "--stats", "--json"))).isZero();
        var json = JsonMapper.shared().readTree(out.toString());
        var top = json.get("statistics").get("instances").get(0);
        assertThat(top.get("instance").asString()).isEqualTo("LutCore");
        assertThat(top.get("register_bits").asInt()).isPositive();
        assertThat(top.get("estimates").get("ice40").get("luts").asInt()).isPositive();

        assertThat(run(with(gen, "--period", "0"))).isEqualTo(3);
        assertThat(err.toString()).contains("--period is 0");
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void versionAndHelpSucceedOnStandardOutput() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("lutra ");
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Usage: lutra", "info", "test");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void everyCommandShowsAnExampleInItsHelp() {
        new CommandLine(new Lutra())
                .getSubcommands()
                .forEach((name, command) -> assertThat(command.getUsageMessage())
                        .as(name)
                        .contains("Example")
                        .contains("./lutra " + name));
    }

    /** In README.md, docs and the help itself: each command and option that follows {@code ./lutra}. */
    @Test
    void everyDocumentedOptionExists() throws IOException {
        CommandLine lutra = new CommandLine(new Lutra());
        StringBuilder text = new StringBuilder(Files.readString(Path.of("../README.md")));
        try (Stream<Path> pages = Files.list(Path.of("../docs"))) {
            for (Path page : pages.filter(p -> p.toString().endsWith(".md")).toList()) {
                text.append(Files.readString(page));
            }
        }
        lutra.getSubcommands()
                .values()
                .forEach(c -> text.append(String.join(
                                "\n", c.getCommandSpec().usageMessage().footer()))
                        .append('\n'));
        int options = 0;
        Matcher example = Pattern.compile("\\./lutra ([a-z]+)([^`\\n]*)").matcher(text);
        while (example.find()) {
            CommandLine command = lutra.getSubcommands().get(example.group(1));
            assertThat(command).as(example.group()).isNotNull();
            Matcher option = Pattern.compile("--[a-z][a-z-]*").matcher(example.group(2));
            while (option.find()) {
                assertThat(command.getCommandSpec().optionsMap())
                        .as(example.group())
                        .containsKey(option.group());
                options++;
            }
        }
        assertThat(options).isGreaterThan(20);
    }

    @Test
    void infoAsJsonIsOneObject() {
        assertThat(run("info", "--json")).isZero();
        Map<?, ?> info = JsonMapper.shared().readValue(out.toString(), Map.class);
        assertThat(info.get("java")).asString().contains(Runtime.version().toString());
        assertThat((Map<?, ?>) info.get("tools")).hasSize(6);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        UserException.badInput("model.bin: byte 28: x", "do y"), 3, "lutra: model.bin: byte 28: x"),
                Arguments.of(new UserException(UserException.Kind.TOOL, "m", null), 4, "lutra: m"),
                Arguments.of(new UserException(UserException.Kind.DEVICE, "m", null), 5, "lutra: m"),
                Arguments.of(new UserException(UserException.Kind.MISMATCH, "m", null), 6, "lutra: m"),
                Arguments.of(
                        new ToolException("verilator", "%Error: a.v:3", null), 4, "lutra: verilator: %Error: a.v:3"),
                Arguments.of(new SimulationException("cycle 12: x"), 5, "lutra: cycle 12: x"),
                Arguments.of(new RunFault(RunError.BUS_DEAD, 3, "x"), 5, "lutra: instruction 3: x"),
                Arguments.of(new NoSuchFileException("a/b"), 3, "lutra: a/b: no such file"),
                Arguments.of(new UncheckedIOException(new IOException("broken")), 3, "lutra: broken"),
                Arguments.of(new OutOfMemoryError(), 3, "lutra: not enough memory"),
                Arguments.of(
                        new IllegalStateException("x"),
                        1,
                        "lutra: internal error: java.lang.IllegalStateException: x at "));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureIsAMessageAndAnExitCode(Throwable failure, int code, String message) {
        assertThat(Failures.report(failure, new PrintWriter(err), false)).isEqualTo(code);
        assertThat(err.toString()).startsWith(message).doesNotContain("\tat ");
    }

    static final class LostBits extends Module {
        final UInt wide = in(uint(8));
        final UInt narrow = out(uint(4));

        LostBits() {
            narrow.set(wide);
        }
    }

    @Test
    void aMistakeInHardwareIsShownWithItsPlace() {
        Throwable failure = catchThrowable(() -> Circuit.of(LostBits::new));
        assertThat(Failures.report(failure, new PrintWriter(err), false)).isEqualTo(3);
        assertThat(err.toString()).contains("MainTest.java:").contains("narrow").doesNotContain("\tat ");
    }

    @Test
    void hintAndStackTraceFollowTheMessage() {
        Failures.report(UserException.badInput("m", "do y"), new PrintWriter(err), true);
        assertThat(err.toString().lines().toList())
                .startsWith("lutra: m", "       do y")
                .anyMatch(line -> line.startsWith("\tat "));
    }

    @Test
    void debugReachesTheHandlerFromASubcommand() {
        assertThat(run("test", "--debug")).isEqualTo(3);
        assertThat(err.toString()).contains("\tat dev.lutra.cli.TestCommand.call");
    }

    @Test
    void theTableOfExitCodesInTheDocsIsThisOne() throws IOException {
        String table = Files.readString(Path.of("../docs/exit-codes.md"));
        assertThat(table.lines().filter(line -> line.matches("\\| \\d+ \\|.*")))
                .containsExactlyElementsOf(Arrays.stream(ExitCode.values())
                        .map(code -> "| " + code.number() + " | " + code.meaning() + " |")
                        .toList());
    }
}
