// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.UserException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
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

    private final Path folder;

    private HdlBench(Path folder) {
        this.folder = folder;
    }

    /**
     * An array of n x n elements, elaborated and written.
     *
     * @param coldUserSeconds user CPU seconds of a whole process that does it once, all threads; the median of three processes
     * @param warmCpuMilliseconds CPU milliseconds, all threads, in a process that has done it 20 times and for 10 CPU seconds; the median
     *     of 20 more
     * @param peakMb resident memory of a cold process at its peak, 10^6 bytes
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
        long peakKib = 0;
        for (int run = 0; run < COLD_RUNS; run++) {
            long before = childrensUserTicks();
            peakKib = cold(n);
            seconds.add((childrensUserTicks() - before) / 100.0);
        }
        seconds.sort(null);
        long lines = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                try (Stream<String> text = Files.lines(file)) {
                    lines += text.count();
                }
                Files.delete(file);
            }
        }
        double warm = warm(n) / 1e6;
        return new Row(n, seconds.get(COLD_RUNS / 2), warm, peakKib * 1024 / 1e6, lines);
    }

    /** Elaborates once; gives the process's peak memory in KiB. */
    private long cold(int n) throws IOException {
        Process process = start(n);
        // The end of its input lets the process end.
        try (var input = process.getOutputStream();
                var output = process.getInputStream()) {
            if (output.read() < 0) {
                throw failure(process, "");
            }
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            throw new IOException("/proc/" + process.pid() + "/status has no VmHWM");
        } finally {
            end(process);
        }
    }

    /** Elaborates many times; gives CPU nanoseconds. */
    private long warm(int n) throws IOException {
        Process process = start(n, "warm");
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            try {
                return Long.parseLong(output);
            } catch (NumberFormatException e) {
                throw failure(process, output);
            }
        } finally {
            end(process);
        }
    }

    private Process start(int n, String... mode) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Those with which ./lutra started this one, and starts gen.
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ElaborationProcess.class.getName()));
        command.addAll(List.of(Integer.toString(n), folder.toString()));
        command.addAll(List.of(mode));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static IOException failure(Process process, String output) {
        return new IOException("the JVM that elaborates failed: "
                + process.info().commandLine().orElse("") + "\n" + output);
    }

    private static void end(Process process) throws IOException {
        try {
            process.waitFor();
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
