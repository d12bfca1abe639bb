// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import dev.lutra.sim.build.Command;
import dev.lutra.sim.build.ContentCache;
import dev.lutra.sim.build.Digest;
import dev.lutra.sim.engine.ToolException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The programs that build a model.
 *
 * @param include Verilator's run-time sources
 * @param searchPath the PATH they were found on
 */
record Toolchain(
        Path verilator,
        String verilatorVersion,
        Path include,
        Path compiler,
        String compilerVersion,
        String searchPath) {

    private static final String HINT = "on Debian and Ubuntu: apt-get install verilator g++; "
            + "without them, use the embedded engine (--device sim:embedded)";

    /**
     * Finds the tools. Asking a tool for its version costs tens of milliseconds, so the answer is kept under the
     * program's path, size and time.
     *
     * @throws ToolException if one is missing or does not work
     */
    static Toolchain find(String searchPath, ContentCache cache) throws InterruptedException {
        Path verilator = locate("verilator", searchPath);
        Path compiler = locate("g++", searchPath);
        String stamp = stamp(verilator, compiler) + searchPath;
        String[] memo = cache.note("tools", Digest.of(stamp), () -> ask(verilator, compiler, searchPath))
                .split("\n", -1);
        return new Toolchain(verilator, memo[0], Path.of(memo[1]), compiler, memo[2], searchPath);
    }

    /**
     * What changes when one of the tools is another, without asking them.
     *
     * @throws ToolException if one is missing
     */
    static String stamp(String searchPath) {
        return stamp(locate("verilator", searchPath), locate("g++", searchPath));
    }

    private static String stamp(Path verilator, Path compiler) {
        return Command.stamp(verilator)
                + Command.stamp(verilator.resolveSibling("verilator_bin"))
                + Command.stamp(compiler);
    }

    private static String ask(Path verilator, Path compiler, String searchPath) throws InterruptedException {
        String verilatorVersion = firstLine("verilator", List.of(verilator.toString(), "--version"), searchPath);
        Path root = Path.of(
                firstLine("verilator", List.of(verilator.toString(), "--getenv", "VERILATOR_ROOT"), searchPath));
        String compilerVersion = firstLine("g++", List.of(compiler.toString(), "--version"), searchPath);
        Path include = root.resolve("include");
        if (!Files.isRegularFile(include.resolve("verilated.cpp"))) {
            throw new ToolException(
                    "verilator",
                    verilatorVersion + " has no " + include.resolve("verilated.cpp"),
                    "reinstall Verilator");
        }
        return verilatorVersion + "\n" + include + "\n" + compilerVersion;
    }

    private static String firstLine(String tool, List<String> words, String searchPath) throws InterruptedException {
        Command.Result result = Command.run(words, Path.of("/"), searchPath);
        String line = result.output().lines().findFirst().orElse("").strip();
        if (result.exit() != 0 || line.isEmpty()) {
            String said = line.isEmpty() ? "it printed nothing" : line;
            throw new ToolException(
                    tool, String.join(" ", words) + " failed with exit code " + result.exit() + ": " + said, HINT);
        }
        return line;
    }

    private static Path locate(String program, String searchPath) {
        Path found = Command.locate(program, searchPath);
        if (found != null) {
            return found;
        }
        throw new ToolException(
                program, program + " is not on the PATH; the Verilator engine needs verilator and g++", HINT);
    }

    /**
     * The first line of a tool's output that says what went wrong.
     *
     * @return null if the output is empty
     */
    static @Nullable String firstError(String output) {
        List<String> lines = new ArrayList<>(output.lines().toList());
        lines.removeIf(line -> line.isBlank() || line.startsWith("%Error: Exiting due to"));
        return firstWith(lines, "No space left on device")
                .or(() -> lines.stream()
                        .filter(l ->
                                l.startsWith("%Error") || l.contains("error: ") || l.contains("undefined reference"))
                        .findFirst())
                .or(() -> firstWith(lines, "%Warning"))
                .orElse(lines.isEmpty() ? null : lines.get(lines.size() - 1));
    }

    private static java.util.Optional<String> firstWith(List<String> lines, String text) {
        return lines.stream().filter(line -> line.contains(text)).findFirst();
    }
}
