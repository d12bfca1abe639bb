// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.machine.UserException;
import dev.lutra.sim.build.Command;
import dev.lutra.sim.build.ContentCache;
import dev.lutra.sim.build.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Synthesis by Yosys, the hierarchy kept, so that a module that stands many times is mapped once. Results are kept in a {@link ContentCache} under
 * all that they depend on: Verilog, script, Liberty file, the program itself.
 *
 * <p>LUT6: {@code synth_xilinx -family xcup -nodsp}, no shift registers in LUTs, LUTs counted by cells; path: the latest arrival that {@code sta} finds in
 * a module. iCE40: {@code synth_ice40}. Cells: {@code dfflibmap} and {@code abc} with a Liberty file, whatever its cells are called; inputs come
 * from an ideal driver, outputs drive 10 fF; path: the largest delay that {@code stime} finds in a module.
 */
public final class Yosys {

    private static final String ABC =
            "strash; ifraig; scorr; dc2; strash; &get -n; &nf; &put; buffer -c; topo; stime -p";

    private static final String LOAD = "set_load 10.0 [all_outputs]\n";

    /** Registers and logic of a netlist that is otherwise ready, and the count of them. */
    static final String MAP_CELLS =
            "dfflibmap -liberty cells.lib; tee -o path.txt abc -liberty cells.lib -script area.abc"
                    + " -constr load.constr; opt_clean -purge; tee -o stat.txt stat -liberty cells.lib";

    private static final String RESULT = "result.json";

    /** Lines of the log that an error shows. */
    private static final int LAST_LINES = 8;

    private final ContentCache cache;
    private final @Nullable Path liberty;
    private final String searchPath;

    /**
     * @param cache folder to keep results in
     * @param liberty Liberty file, needed for {@link AreaTarget#CELLS}
     * @param searchPath where Yosys is, as PATH has it
     */
    public Yosys(Path cache, @Nullable Path liberty, String searchPath) {
        this.cache = new ContentCache(cache, ContentCache.DEFAULT_LIMIT);
        this.liberty = liberty;
        this.searchPath = searchPath;
    }

    /**
     * Area and worst path of a circuit.
     *
     * @param repeat modules that count more than once, on FPGAs only
     * @throws UserException of kind TOOL if Yosys is missing or fails, with the end of its log
     */
    public Synthesis synthesise(Circuit circuit, AreaTarget target, Repeat repeat) throws InterruptedException {
        Path program = program();
        String text = text(circuit);
        String top = circuit.top().name();
        String script = script(target, top);
        if (target == AreaTarget.CELLS && repeat.times() > 1)
            throw new IllegalArgumentException("cells are counted as they stand");
        String cells = target == AreaTarget.CELLS ? liberty() : "";
        String key = Digest.of(text, script, ABC, LOAD, cells, Command.stamp(program));
        Path kept = cache.get("area", key, work -> {
            run(program, text, script, cells, work);
            var result = target == AreaTarget.CELLS ? cells(work, top, Liberty.flipFlops(cells)) : fabric(work);
            keep(result, work);
        });
        return JsonMapper.shared().readValue(kept.resolve(RESULT), Mapped.class).synthesis(top, repeat);
    }

    /** Cells and worst path of a vector unit. */
    VectorNetlist vector(Circuit circuit, AreaTarget target, String script) throws InterruptedException {
        Path program = program();
        String text = text(circuit);
        String top = circuit.top().name();
        String cells = target == AreaTarget.CELLS ? liberty() : "";
        Path kept = cache.get("area", Digest.of(text, script, ABC, LOAD, cells, Command.stamp(program)), work -> {
            run(program, text, script, cells, work);
            JsonNode netlist = JsonMapper.shared().readTree(Files.readString(work.resolve("net.json")));
            keep(
                    target == AreaTarget.CELLS
                            ? VectorNetlist.cells(
                                    cells(work, top, Liberty.flipFlops(cells)).synthesis(top, Repeat.NONE),
                                    netlist,
                                    top)
                            : VectorNetlist.fabric(netlist, top, arrival(work)),
                    work);
        });
        return JsonMapper.shared().readValue(kept.resolve(RESULT), VectorNetlist.class);
    }

    /** Cells and worst path of a chain with DSP blocks, its hierarchy dissolved. */
    ChainNetlist chain(Circuit circuit, String script) throws InterruptedException {
        Path program = program();
        String text = text(circuit);
        String top = circuit.top().name();
        Path kept = cache.get("area", Digest.of(text, script, Command.stamp(program)), work -> {
            run(program, text, script, "", work);
            JsonNode netlist = JsonMapper.shared().readTree(Files.readString(work.resolve("net.json")));
            keep(ChainNetlist.read(netlist, top, arrival(work)), work);
        });
        return JsonMapper.shared().readValue(kept.resolve(RESULT), ChainNetlist.class);
    }

    private Path program() {
        Path program = Command.locate("yosys", searchPath);
        if (program == null) {
            throw new UserException(
                    UserException.Kind.TOOL, "there is no yosys on the PATH", "Install it: apt-get install yosys");
        }
        return program;
    }

    /** Where a line comes from is no part of a design. */
    private static String text(Circuit circuit) {
        var verilog = new StringBuilder();
        for (VerilogFile file : VerilogWriter.write(circuit)) verilog.append(file.text());
        return verilog.toString().replaceAll("(?m) *//.*$", "");
    }

    /** Netlists and logs are many times larger than all that is asked of them. */
    private static void keep(Object result, Path work) throws IOException {
        try (Stream<Path> files = Files.list(work)) {
            for (Path file : files.toList()) {
                if (!Set.of("design.v", "script.ys").contains(file.getFileName().toString())) Files.delete(file);
            }
        }
        Files.write(work.resolve(RESULT), JsonMapper.shared().writeValueAsBytes(result));
    }

    private String liberty() {
        if (liberty == null) {
            throw UserException.badInput(
                    "standard cells need a Liberty file", "Give one: --liberty FILE. Or choose --target lut6.");
        }
        try {
            return Files.readString(liberty, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    "cannot read the Liberty file " + liberty + ": " + e.getMessage(),
                    "Check its path.",
                    e);
        }
    }

    private static String script(AreaTarget target, String top) {
        String read = "read_verilog design.v; hierarchy -check -top " + top + "; ";
        return switch (target) {
            case LUT6 ->
                read + "synth_xilinx -family xcup -noiopad -noclkbuf -nodsp -nosrl -top " + top
                        + "; write_json net.json; write_verilog -noattr -noexpr net.v; design -reset;"
                        + " read_verilog -lib -specify +/xilinx/cells_sim.v; read_verilog net.v; hierarchy -top " + top
                        + "; tee -o path.txt sta";
            case ICE40 ->
                read + "synth_ice40 -noflatten -top " + top
                        + "; write_json net.json; write_verilog -noattr -noexpr net.v; design -reset;"
                        + " read_verilog -lib -specify -D ICE40_U +/ice40/cells_sim.v; read_verilog net.v; hierarchy -top "
                        + top + "; tee -o path.txt sta";
            case CELLS -> read + "synth -top " + top + "; " + MAP_CELLS;
        };
    }

    /** @param cells text of the Liberty file, empty where none is needed */
    private void run(Path program, String text, String script, String cells, Path work)
            throws InterruptedException, IOException {
        Files.writeString(work.resolve("design.v"), text);
        Files.writeString(work.resolve("script.ys"), script.replace("; ", "\n") + "\n");
        Files.writeString(work.resolve("area.abc"), ABC.replace("; ", "\n") + "\n");
        Files.writeString(work.resolve("load.constr"), LOAD);
        Files.writeString(work.resolve("cells.lib"), cells);
        var result =
                Command.run(List.of(program.toString(), "-q", "-l", "all.txt", "-s", "script.ys"), work, searchPath);
        if (result.exit() != 0) {
            Path log = work.resolve("all.txt");
            var lines = Files.exists(log) ? Files.readAllLines(log, StandardCharsets.ISO_8859_1) : List.<String>of();
            var said = (lines.isEmpty() ? result.output().lines() : lines.stream())
                    .filter(line -> !line.isBlank())
                    .toList();
            throw failed("yosys failed (exit code " + result.exit() + "). The end of its log:\n  "
                    + String.join("\n  ", said.subList(Math.max(0, said.size() - LAST_LINES), said.size())));
        }
    }

    private static UserException failed(String message) {
        return new UserException(UserException.Kind.TOOL, message, null);
    }

    private static Mapped fabric(Path work) throws IOException {
        return new Mapped(
                Netlist.read(JsonMapper.shared().readTree(Files.readString(work.resolve("net.json")))), arrival(work));
    }

    private static double arrival(Path work) throws IOException {
        return largest(work.resolve("path.txt"), Pattern.compile("Latest arrival time in '.*' is (\\d+)"));
    }

    private static Mapped cells(Path work, String top, Set<String> flipFlops) throws IOException {
        String stat = Files.readString(work.resolve("stat.txt"));
        int whole = stat.indexOf("design hierarchy");
        String last = whole < 0 ? stat : stat.substring(whole);
        double area = 0;
        var chip =
                Pattern.compile("Chip area for (?:top )?module .*: +([0-9.]+)").matcher(last);
        while (chip.find()) area = Double.parseDouble(chip.group(1));
        if (area == 0) throw failed("yosys counts no area: the Liberty file has none for the cells it chose");
        long registers = 0;
        var cells = Pattern.compile("(?m)^ +(\\S+) +(\\d+)$").matcher(last);
        while (cells.find()) {
            if (flipFlops.contains(cells.group(1))) registers += Long.parseLong(cells.group(2));
        }
        double path = largest(work.resolve("path.txt"), Pattern.compile("Delay = +([0-9.]+) ps"));
        return new Mapped(
                new Mapped.Modules(Map.of(top, new Mapped.Module(new Mapped.Count(area, registers, 0), Map.of()))),
                path);
    }

    private static double largest(Path report, Pattern value) throws IOException {
        try (Stream<String> lines = Files.lines(report)) {
            List<Double> found = lines.flatMap(line -> value.matcher(line).results())
                    .map(match -> Double.valueOf(match.group(1)))
                    .toList();
            if (found.isEmpty()) throw failed("yosys finds no path in the design");
            return found.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        }
    }
}
