// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.UserException;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The measurements of {@code lutra bench hdl}: elaboration of systolic arrays, each in JVMs of its own. Needs Linux. */
final class HdlBench {
    private static final int[] SIZES = {8, 16, 32, 64};
    private static final int COLD_RUNS = 3;

    /** As ./lutra starts gen. */
    private static final List<String> JVM = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:Tier3BackEdgeThreshold=2000",
            "-XX:+UseSerialGC",
            "-XX:InitialRAMPercentage=5",
            "-XX:NewRatio=1");

    private final Path folder;

    private HdlBench(Path folder) {
        this.folder = folder;
    }

    /**
     * An array of n x n elements, elaborated and written.
     *
     * @param coldUserSeconds user CPU seconds of a whole process that does it once, all threads; the median of three processes
     * @param warmCpuMilliseconds CPU milliseconds, all threads, in a process that has done it 20 times and for 3 seconds; the median of
     *     20 more
     * @param peakMb resident memory of the first process at its peak, 10^6 bytes
     * @param lines of Verilog
     */
    record Row(int n, double coldUserSeconds, double warmCpuMilliseconds, double peakMb, long lines) {
        Map<String, Object> json() {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("n", n);
            row.put("cold_user_s", coldUserSeconds);
            row.put("warm_cpu_ms", warmCpuMilliseconds);
            row.put("rss_mb", peakMb);
            row.put("verilog_lines", lines);
            return row;
        }
    }

    static List<Row> measure(Consumer<String> progress) {
        try {
            Path folder = Files.createTempDirectory("lutra-bench");
            try {
                var bench = new HdlBench(folder);
                List<Row> rows = new ArrayList<>();
                for (int n : SIZES) {
                    progress.accept("elaborating an array of " + n + " x " + n);
                    rows.add(bench.row(n));
                }
                return rows;
            } finally {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.TOOL,
                    "cannot measure: " + e.getMessage(),
                    "The measurement reads /proc and writes to " + System.getProperty("java.io.tmpdir") + ".",
                    e);
        }
    }

    static String table(List<Row> rows) {
        var table = new StringBuilder();
        table.append("%-16s %12s %12s %10s %8s%n"
                .formatted("systolic array", "cold user s", "warm CPU ms", "peak MB", "lines"));
        for (Row row : rows) {
            table.append("%-16s %12.2f %12.1f %10.0f %8d%n"
                    .formatted(
                            row.n() + " x " + row.n(),
                            row.coldUserSeconds(),
                            row.warmCpuMilliseconds(),
                            row.peakMb(),
                            row.lines()));
        }
        double t8 = rows.get(0).warmCpuMilliseconds();
        double growth = (rows.get(3).warmCpuMilliseconds() - t8) / (rows.get(2).warmCpuMilliseconds() - t8);
        return table.append("%-16s %25.2f   (t64 - t8) / (t32 - t8); elements: 4.2%n".formatted("growth", growth))
                .toString();
    }

    private Row row(int n) throws IOException {
        List<Double> seconds = new ArrayList<>();
        String facts = "";
        for (int run = 0; run < COLD_RUNS; run++) {
            long before = childrensUserTicks();
            facts = run(Integer.toString(n), folder.toString());
            seconds.add((childrensUserTicks() - before) / 100.0);
        }
        seconds.sort(null);
        double warm = Long.parseLong(run(Integer.toString(n), folder.toString(), "warm")) / 1e6;
        String[] words = facts.split(" ");
        double peak = Long.parseLong(words[1]) * 1024 / 1e6;
        return new Row(n, seconds.get(COLD_RUNS / 2), warm, peak, Long.parseLong(words[0]));
    }

    private static String run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (option.startsWith("-XX:SharedArchiveFile=") || option.startsWith("-Xlog:")) {
                command.add(option);
            }
        }
        command.addAll(JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ElaborationProcess.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IOException(new File(command.get(0)).getName() + " failed: " + output);
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** User time of all children waited for, in hundredths of a second (proc(5), /proc/pid/stat, cutime). */
    private static long childrensUserTicks() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        // After the name, which may hold spaces, in parentheses: state is word 3, cutime word 16.
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[13]);
    }
}
