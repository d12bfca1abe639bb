// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.machine.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Synthesis by Yosys, the hierarchy kept, so that a module that stands many times is mapped once. A result is kept in a folder named by
 * what it depends on: Verilog, script, Liberty file.
 *
 * <p>LUT6: {@code synth_xilinx -family xcup -nodsp}, no shift registers in LUTs, LUTs counted by cells; path: the latest arrival that {@code sta} finds in
 * a module. iCE40: {@code synth_ice40}. Cells: {@code dfflibmap} and {@code abc} with a Liberty file; path: the largest delay that {@code stime} finds
 * in a module.
 */
public final class Yosys {

    private static final String ABC =
            "strash; ifraig; scorr; dc2; strash; &get -n; &nf; &put; buffer -c; topo; stime -p";

    private final Path folder;
    private final @Nullable Path liberty;

    /**
     * @param folder to work and to keep results in
     * @param liberty Liberty file, needed for {@link AreaTarget#CELLS}
     */
    public Yosys(Path folder, @Nullable Path liberty) {
        this.folder = folder;
        this.liberty = liberty;
    }

    /**
     * Area and worst path of a circuit.
     *
     * @throws UserException of kind TOOL if Yosys is missing or fails
     */
    public Synthesis synthesise(Circuit circuit, AreaTarget target) throws InterruptedException {
        var verilog = new StringBuilder();
        for (VerilogFile file : VerilogWriter.write(circuit)) verilog.append(file.text());
        // Where a line comes from is no part of a design.
        String text = verilog.toString().replaceAll("(?m) *//.*$", "");
        String top = circuit.top().name();
        String script = script(target, top);
        try {
            Path work = folder.resolve(name(text, script));
            if (!Files.exists(work.resolve("done"))) {
                Files.createDirectories(work);
                Files.writeString(work.resolve("design.v"), text);
                Files.writeString(work.resolve("area.abc"), ABC.replace("; ", "\n") + "\n");
                Files.writeString(
                        work.resolve("drive.constr"), "set_driving_cell sg13g2_buf_1\nset_load 10.0 [all_outputs]\n");
                Files.writeString(work.resolve("script.ys"), script.replace("; ", "\n") + "\n");
                run(work);
                Files.writeString(work.resolve("done"), "");
            }
            return target == AreaTarget.CELLS ? cells(work) : fabric(work, top);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String script(AreaTarget target, String top) {
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
            case CELLS -> {
                if (liberty == null) {
                    throw UserException.badInput(
                            "standard cells need a Liberty file", "Give one: --liberty FILE. Or choose --target lut6.");
                }
                String file = "\"" + liberty.toAbsolutePath() + "\"";
                yield read + "synth -top " + top + "; dfflibmap -liberty " + file + "; tee -o path.txt abc -liberty "
                        + file
                        + " -script area.abc -constr drive.constr; opt_clean -purge; tee -o stat.txt stat -liberty "
                        + file;
            }
        };
    }

    private String name(String verilog, String script) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(verilog.getBytes(StandardCharsets.UTF_8));
            digest.update(script.getBytes(StandardCharsets.UTF_8));
            digest.update(ABC.getBytes(StandardCharsets.UTF_8));
            if (liberty != null && script.contains("-liberty")) digest.update(Files.readAllBytes(liberty));
            return HexFormat.of().formatHex(digest.digest(), 0, 10);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(Path work) throws InterruptedException, IOException {
        Path log = work.resolve("log.txt");
        Process process;
        try {
            process = new ProcessBuilder("yosys", "-q", "-l", "all.txt", "-s", "script.ys")
                    .directory(work.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.TOOL,
                    "cannot start yosys: " + e.getMessage(),
                    "Install it: apt-get install yosys",
                    e);
        }
        try {
            int exit = process.waitFor();
            if (exit != 0) {
                String error;
                try (Stream<String> lines = Files.lines(log)) {
                    error = lines.filter(line -> line.contains("ERROR"))
                            .findFirst()
                            .orElse("exit code " + exit);
                }
                throw new UserException(
                        UserException.Kind.TOOL,
                        "yosys failed: " + error,
                        "All it said is in " + work.resolve("all.txt"));
            }
        } finally {
            process.destroyForcibly(); // an interrupted wait leaves nothing that runs
        }
    }

    private static Synthesis fabric(Path work, String top) throws IOException {
        var count = new Netlist(JsonMapper.shared().readTree(Files.readString(work.resolve("net.json")))).count(top);
        double path = largest(work.resolve("path.txt"), Pattern.compile("Latest arrival time in '.*' is (\\d+)"));
        return new Synthesis(count.area(), count.flipFlops(), count.multipliers(), path);
    }

    private static Synthesis cells(Path work) throws IOException {
        double area = 0;
        long flipFlops = 0;
        String stat = Files.readString(work.resolve("stat.txt"));
        int whole = stat.indexOf("design hierarchy");
        String last = whole < 0 ? stat : stat.substring(whole);
        var chip =
                Pattern.compile("Chip area for (?:top )?module .*: +([0-9.]+)").matcher(last);
        while (chip.find()) area = Double.parseDouble(chip.group(1));
        var registers = Pattern.compile("\\w*df\\w*_\\d+ +(\\d+)").matcher(last);
        while (registers.find()) flipFlops += Long.parseLong(registers.group(1));
        double path = largest(work.resolve("path.txt"), Pattern.compile("Delay = +([0-9.]+) ps"));
        return new Synthesis(area, flipFlops, 0, path);
    }

    private static double largest(Path report, Pattern value) throws IOException {
        try (Stream<String> lines = Files.lines(report)) {
            List<Double> found = lines.flatMap(line -> value.matcher(line).results())
                    .map(match -> Double.valueOf(match.group(1)))
                    .toList();
            if (found.isEmpty()) throw new IOException("no path in " + report);
            return found.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        }
    }
}
