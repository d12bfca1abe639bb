// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulators;
import dev.lutra.sim.engine.ToolException;
import dev.lutra.sim.verilator.VerilatorOptions;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.LongBuffer;
import java.util.Map;

/**
 * Runs what a first command runs, for the launcher, which has the JVM keep the classes that this loads: the next start finds them
 * ready. Argument: a folder to write to. Needs no tools.
 */
final class Training {
    private Training() {}

    public static void main(String[] arguments) {
        var nowhere = new PrintWriter(Writer.nullWriter());
        int code = Main.run(nowhere, nowhere, "gen", "--out", arguments[0]);
        // Large enough for loops over lanes and for tables in memory: a single class left out costs the opening of a
        // jar.
        var bench = BenchDesign.of(new BenchDesign.Name(16));
        var design = bench.design();
        try (var simulator = EngineKind.EMBEDDED.open(design)) {
            simulator.step(1);
            new SimulationProcess(bench, simulator, LongBuffer.allocate(bench.stimulusWords())).check();
        }
        try {
            Simulators.verilator(
                            design,
                            VerilatorOptions.defaults().withEnvironment(Map.of("PATH", "", "HOME", arguments[0])))
                    .close();
        } catch (ToolException e) {
            // There is nothing on that PATH: most classes are loaded before it is searched.
        }
        CpuClock.own(); // JNA's classes
        System.exit(code);
    }
}
