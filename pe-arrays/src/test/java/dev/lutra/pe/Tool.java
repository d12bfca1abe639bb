// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Outside tools of the tests. */
public final class Tool {

    private Tool() {}

    /** Skips the test, and says so, if a tool is not on the path. */
    public static void require(String name) {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name))),
                "skipped: no " + name + " on the path");
    }

    /** Opens a simulation; on Icarus, what neither a reset nor a write reached is unknown. */
    public static Simulator open(EngineKind engine, Elaboration<?> design) {
        return engine == EngineKind.ICARUS ? Simulators.icarus(design) : engine.open(design);
    }

    /** What a command prints; it must succeed. */
    public static String run(Path directory, List<String> command) throws IOException {
        var process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed:\n" + output);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return output;
    }
}
