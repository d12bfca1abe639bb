// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

import dev.lutra.bitstream.Ice40Report.Use;
import dev.lutra.machine.IoReason;
import dev.lutra.machine.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Verilog to a placed and routed design on an iCE40, and to a bitstream, by Yosys, nextpnr and icepack.
 *
 * <p>Netlist, configuration ({@code .asc}), report and the tools' logs stay in the working directory.
 */
public final class Ice40Flow {

    /** Clock that designs without a board have to reach: the usual crystal of boards with a UP5K. */
    private static final int TARGET_MEGAHERTZ = 12;

    /** One seed for all runs, so that a result can be repeated. */
    static final int SEED = 1;

    /** Tools that a bitstream needs, in the order in which they run. */
    public static final List<String> TOOLS = List.of("yosys", "nextpnr-ice40", "icepack");

    private final Path directory;

    /** @param directory to work in; it exists */
    public Ice40Flow(Path directory) {
        this.directory = directory;
    }

    /** An iCE40: device and package as nextpnr names them, and whether it has single-port RAM. */
    public enum Part {
        UP5K("up5k", "sg48", true),
        HX8K("hx8k", "ct256", false);

        private final String device;
        private final String packaged;
        private final boolean singlePortRam;

        Part(String device, String packaged, boolean singlePortRam) {
            this.device = device;
            this.packaged = packaged;
            this.singlePortRam = singlePortRam;
        }

        /** The part of a name like iCE40UP5K-SG48. */
        public static Optional<Part> named(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            return Arrays.stream(values())
                    .filter(part -> lower.equals("ice40" + part.device + "-" + part.packaged))
                    .findFirst();
        }
    }

    /**
     * Where a design goes.
     *
     * @param part the FPGA
     * @param megahertz clock that it has to reach
     * @param pins text of a .pcf file; null lets the tool place pins, so that what a design takes does not depend on a board
     */
    public record Goal(
            Part part, double megahertz, @Nullable String pins) {}

    /** Synthesises, places and routes for a UP5K without a board. */
    public Ice40Report run(String top, List<Path> sources) throws InterruptedException {
        return run(top, sources, new Goal(Part.UP5K, TARGET_MEGAHERTZ, null));
    }

    /**
     * Synthesises, places and routes.
     *
     * @param top name of the top module
     * @param sources Verilog files with all its modules
     * @throws UserException of kind TOOL if a tool is missing, or does not find a place, a route or the clock rate
     */
    public Ice40Report run(String top, List<Path> sources, Goal goal) throws InterruptedException {
        String files = sources.stream()
                .map(file -> "\"" + directory.toAbsolutePath().relativize(file.toAbsolutePath()) + "\"")
                .collect(Collectors.joining(" "));
        // Memories read the old word while it is written; whoever reads it then does not look at it.
        String script = "read_verilog " + files + "; synth_ice40 " + (goal.part.singlePortRam ? "-spram " : "")
                + "-no-rw-check -top " + top + " -json " + top + ".json";
        execute("yosys", List.of("yosys", "-q", "-p", script));
        List<String> place = new ArrayList<>(List.of(
                "nextpnr-ice40",
                "--" + goal.part.device,
                "--package",
                goal.part.packaged,
                "--json",
                top + ".json",
                "--asc",
                top + ".asc",
                "--report",
                top + ".report.json",
                "--freq",
                Double.toString(goal.megahertz),
                "--seed",
                Integer.toString(SEED)));
        if (goal.pins == null) {
            place.add("--pcf-allow-unconstrained");
        } else {
            place.addAll(List.of("--pcf", write(top + ".pcf", goal.pins)));
        }
        execute("nextpnr-ice40", place);
        return report(directory.resolve(top + ".report.json"));
    }

    /** Makes the bitstream of a design that was routed. */
    public Path pack(String top) throws InterruptedException {
        execute("icepack", List.of("icepack", top + ".asc", top + ".bin"));
        return directory.resolve(top + ".bin");
    }

    private String write(String name, String text) {
        try {
            Files.writeString(directory.resolve(name), text);
            return name;
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT, "cannot write in " + directory + ": " + IoReason.of(e), null, e);
        }
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
                    "Install it: apt-get install yosys nextpnr-ice40 fpga-icestorm",
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

    /** Parts without a kind of cell do not report it. */
    private static Use use(JsonNode cells, String kind) {
        JsonNode cell = cells.path(kind);
        return new Use(cell.path("used").intValue(0), cell.path("available").intValue(0));
    }
}
