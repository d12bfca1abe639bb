// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.stats.Estimate;
import dev.lutra.hdl.stats.Target;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What Yosys makes of the modules of several circuits, the hierarchy kept; in one run, since each reads the cells of the target anew. */
final class YosysCells {
    private YosysCells() {}

    /** Sums over the distinct modules of each circuit. */
    static List<Estimate> synthesise(List<Circuit> circuits, Target target, Path folder)
            throws IOException, InterruptedException {
        var verilog = new StringBuilder();
        var all = new StringBuilder("module all;\n");
        for (int i = 0; i < circuits.size(); i++) {
            String prefix = "d" + i + "_";
            for (VerilogFile file : VerilogWriter.write(circuits.get(i))) {
                String text = file.text();
                for (Module module : circuits.get(i).modules()) {
                    text = text.replaceAll(
                            "(?<![\\w.])" + module.name() + "(?=(\\s+\\w+)?\\s*\\(|;|\\s*#)", prefix + module.name());
                }
                verilog.append(text);
            }
            String top = prefix + circuits.get(i).top().name();
            all.append("  (* keep *) %s i%d();%n".formatted(top, i));
        }
        Files.writeString(folder.resolve("all.v"), verilog.append(all).append("endmodule\n"));
        String command = switch (target) {
            case AMD -> "synth_xilinx -family xc7 -noiopad -noclkbuf -top all";
            case ICE40 -> "synth_ice40 -dsp -noflatten -no-rw-check -top all";
            case ECP5 -> "synth_ecp5 -noflatten -no-rw-check -top all";
        };
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(
                        "yosys", "-q", "-p", "read_verilog all.v; " + command + "; tee -q -o stat.txt stat")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("yosys: " + Files.readString(log));
        }
        Map<String, Map<String, Integer>> cells = cells(Files.readAllLines(folder.resolve("stat.txt")));
        List<Estimate> results = new ArrayList<>();
        for (int i = 0; i < circuits.size(); i++) {
            Estimate sum = Estimate.NONE;
            for (Module module : circuits.get(i).modules()) {
                sum = sum.plus(counts(cells.getOrDefault("d" + i + "_" + module.name(), Map.of())));
            }
            results.add(sum);
        }
        return results;
    }

    /** Cells by module and type. */
    private static Map<String, Map<String, Integer>> cells(List<String> report) {
        Map<String, Map<String, Integer>> modules = new HashMap<>();
        Map<String, Integer> cells = new HashMap<>();
        for (String line : report) {
            String[] words = line.strip().split(" +");
            if (line.startsWith("=== ")) {
                cells = modules.computeIfAbsent(words[1], name -> new TreeMap<>());
            } else if (words.length == 2 && words[1].matches("\\d+") && words[0].matches("[A-Z][A-Z0-9_]+")) {
                cells.put(words[0], Integer.valueOf(words[1]));
            }
        }
        return modules;
    }

    private static Estimate counts(Map<String, Integer> cells) {
        long luts = 0;
        long flipFlops = 0;
        long dsps = 0;
        long blocks = 0;
        for (var cell : cells.entrySet()) {
            String type = cell.getKey();
            long n = cell.getValue();
            if (type.matches("LUT[1-6]|INV|SB_LUT4|SRL.*")) {
                luts += n;
            } else if (type.matches("CCU2C|RAM(32|64)X1D")) {
                luts += 2 * n;
            } else if (type.matches("TRELLIS_DPR16X4|RAM32M|RAM64M|RAM128X1D")) {
                luts += 4 * n;
            } else if (type.matches("FD[RSCP]E.*|SB_DFF.*|TRELLIS_FF")) {
                flipFlops += n;
            } else if (type.matches("DSP48E1|SB_MAC16|MULT18X18D")) {
                dsps += n;
            } else if (type.matches("RAMB18E1|SB_RAM40_4K|DP16KD|PDPW16KD")) {
                blocks += n;
            } else if (type.equals("RAMB36E1")) {
                blocks += 2 * n;
            }
        }
        return new Estimate(luts, flipFlops, dsps, blocks);
    }
}
