// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

import dev.lutra.sim.build.Command;
import dev.lutra.sim.build.ContentCache;
import dev.lutra.sim.build.Digest;
import dev.lutra.sim.engine.ToolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The programs of Icarus and the compiler for our module in it.
 *
 * @param version of Icarus
 * @param include where {@code vpi_user.h} is
 * @param compiler null: there is none, and no module can be built
 * @param compilerVersion empty without one
 * @param searchPath the PATH they were found on
 */
record Toolchain(
        Path iverilog,
        Path vvp,
        String version,
        Path include,
        @Nullable Path compiler,
        String compilerVersion,
        String searchPath) {

    private static final String ICARUS =
            "on Debian and Ubuntu: apt-get install iverilog; without it, use the embedded engine";

    /**
     * Finds the tools; what they say of themselves is kept under their path, size and time.
     *
     * @throws ToolException if one is missing or does not work
     */
    static Toolchain find(String searchPath, ContentCache cache) throws InterruptedException {
        Path iverilog = locate("iverilog", searchPath);
        Path vvp = locate("vvp", searchPath);
        Path compiler = Command.locate("g++", searchPath);
        String stamp = Command.stamp(iverilog)
                + Command.stamp(vvp)
                + (compiler == null ? "" : Command.stamp(compiler))
                + searchPath;
        String[] memo = cache.note("icarus", Digest.of(stamp), () -> ask(iverilog, vvp, compiler, searchPath))
                .split("\n", -1);
        return new Toolchain(iverilog, vvp, memo[0], Path.of(memo[1]), compiler, memo[2], searchPath);
    }

    private static Path locate(String program, String searchPath) {
        Path found = Command.locate(program, searchPath);
        if (found == null) {
            throw new ToolException(
                    program, program + " is not on the PATH; the Icarus engine needs iverilog and vvp", ICARUS);
        }
        return found;
    }

    private static String ask(Path iverilog, Path vvp, @Nullable Path compiler, String searchPath)
            throws InterruptedException {
        String version = firstLine(List.of(vvp.toString(), "-V"), searchPath);
        if (compiler == null) {
            return version + "\n\n";
        }
        String compilerVersion = firstLine(List.of(compiler.toString(), "--version"), searchPath);
        return version + "\n" + include(iverilog, searchPath) + "\n" + compilerVersion;
    }

    /** Beside the program, or where the compiler wrapper that comes with Icarus looks. */
    private static Path include(Path iverilog, String searchPath) throws InterruptedException {
        try {
            Path beside =
                    iverilog.toRealPath().resolveSibling("../include/iverilog").normalize();
            if (Files.isRegularFile(beside.resolve("vpi_user.h"))) {
                return beside;
            }
        } catch (IOException e) {
            // the wrapper may know
        }
        Path wrapper = Command.locate("iverilog-vpi", searchPath);
        if (wrapper != null) {
            for (String word : firstLine(List.of(wrapper.toString(), "--cflags"), searchPath)
                    .split(" ", -1)) {
                if (word.startsWith("-I") && Files.isRegularFile(Path.of(word.substring(2), "vpi_user.h"))) {
                    return Path.of(word.substring(2));
                }
            }
        }
        throw new ToolException("iverilog", "Icarus Verilog is here (" + iverilog + ") but not its vpi_user.h", ICARUS);
    }

    private static String firstLine(List<String> words, String searchPath) throws InterruptedException {
        Command.Result result = Command.run(words, Path.of("/"), searchPath);
        String line = result.output().lines().findFirst().orElse("").strip();
        if (result.exit() != 0 || line.isEmpty()) {
            String tool = String.valueOf(Path.of(words.get(0)).getFileName());
            throw new ToolException(
                    tool,
                    String.join(" ", words) + " failed with exit code " + result.exit() + ": "
                            + (line.isEmpty() ? "it printed nothing" : line),
                    ICARUS);
        }
        return line;
    }

    /**
     * The first line of a tool's output that says what went wrong.
     *
     * @return null if the output is empty
     */
    static @Nullable String firstError(String output) {
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        return lines.stream()
                .filter(line -> line.contains("error") || line.contains("No space left on device"))
                .findFirst()
                .orElse(lines.isEmpty() ? null : lines.get(0));
    }
}
