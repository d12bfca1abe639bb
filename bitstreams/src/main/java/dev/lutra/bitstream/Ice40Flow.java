// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

import dev.lutra.bitstream.Ice40Report.Use;
import dev.lutra.machine.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Verilog to a placed and routed design on the iCE40 UP5K in its SG48 package, by Yosys and nextpnr.
 *
 * <p>Pins are placed by the tool: what a design takes does not depend on a board. Netlist, configuration
 * ({@code .asc}), report and the tools' logs stay in the working directory.
 */
public final class Ice40Flow {

    /** Clock that the design has to reach: the usual crystal of boards with a UP5K. */
    private static final int TARGET_MEGAHERTZ = 12;

    /** One seed for all runs, so that a result can be repeated. */
    private static final int SEED = 1;

    private final Path directory;

    /** @param directory to work in; it exists */
    public Ice40Flow(Path directory) {
        this.directory = directory;
    }

    /**
     * Synthesises, places and routes.
     *
     * @param top name of the top module
     * @param sources Verilog files with all its modules
     * @throws UserException of kind TOOL if a tool is missing, or does not find a place, a route or the clock rate
     */
    public Ice40Report run(String top, List<Path> sources) throws InterruptedException {
        String files = sources.stream()
                .map(file -> "\"" + file.toAbsolutePath() + "\"")
                .collect(Collectors.joining(" "));
        // Memories read the old word while it is written; whoever reads it then does not look at it.
        String script =
                "read_verilog " + files + "; synth_ice40 -spram -no-rw-check -top " + top + " -json " + top + ".json";
        execute("yosys", List.of("yosys", "-q", "-p", script));
        execute(
                "nextpnr-ice40",
                List.of(
                        "nextpnr-ice40",
                        "--up5k",
                        "--package",
                        "sg48",
                        "--pcf-allow-unconstrained",
                        "--json",
                        top + ".json",
                        "--asc",
                        top + ".asc",
                        "--report",
                        top + ".report.json",
                        "--freq",
                        Integer.toString(TARGET_MEGAHERTZ),
                        "--seed",
                        Integer.toString(SEED)));
        return report(directory.resolve(top + ".report.json"));
    }

    private void execute(String tool, List<String> words) throws InterruptedException {
        Path log = directory.resolve(tool + ".log");
        Process process;
        try {
            process = new ProcessBuilder(words)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.TOOL,
                    "cannot start " + tool + ": " + e.getMessage(),
                    "Install it: apt-get install yosys nextpnr-ice40",
                    e);
        }
        try {
            int exit = process.waitFor();
            if (exit != 0) {
                throw new UserException(
                        UserException.Kind.TOOL,
                        tool + " failed: " + firstError(log, exit),
                        "All it said is in " + log);
            }
        } finally {
            process.destroyForcibly(); // an interrupted wait leaves nothing that runs
        }
    }

    private static String firstError(Path log, int exit) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("ERROR")).findFirst().orElse("exit code " + exit);
        } catch (IOException e) {
            return "exit code " + exit;
        }
    }

    private static Ice40Report report(Path file) {
        try {
            JsonNode report = JsonMapper.shared().readTree(Files.readString(file));
            JsonNode cells = report.required("utilization");
            double megahertz = report.required("fmax")
                    .valueStream()
                    .mapToDouble(clock -> clock.required("achieved").doubleValue())
                    .min()
                    .orElse(Double.POSITIVE_INFINITY);
            return new Ice40Report(
                    use(cells, "ICESTORM_LC"),
                    use(cells, "ICESTORM_RAM"),
                    use(cells, "ICESTORM_SPRAM"),
                    use(cells, "ICESTORM_DSP"),
                    megahertz);
        } catch (IOException | JacksonException e) {
            throw new UserException(
                    UserException.Kind.TOOL, "the report of nextpnr-ice40 in " + file + " cannot be read", null, e);
        }
    }

    private static Use use(JsonNode cells, String kind) {
        JsonNode cell = cells.required(kind);
        return new Use(
                cell.required("used").intValue(), cell.required("available").intValue());
    }
}
