// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.SimulatorOptions;
import dev.lutra.sim.Waves;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The waves of random circuits, with several clocks and instances: all signals that all engines show are the same in all. */
class RandomWavesIT {
    private static final int CIRCUITS = 30;

    @TempDir
    Path directory;

    @Test
    void allEnginesShowTheSame() throws Exception {
        var sketches = new ArrayList<Sketch>();
        long first = Long.getLong("lutra.seed", 700_000);
        for (long seed = first; seed < first + CIRCUITS; seed++) {
            sketches.add(Generator.of(seed));
        }
        var design = Circuit.of(() -> new SideBySide(sketches));
        var waves = new EnumMap<EngineKind, Map<String, Waves.Signal>>(EngineKind.class);
        for (EngineKind kind : EngineKind.values()) {
            assumeTrue(kind.missing().isEmpty(), () -> "skipped: " + kind.missing());
            Path file = directory.resolve(kind + ".vcd");
            try (Simulator sim = kind.open(design, SimulatorOptions.defaults().withTrace(true))) {
                sim.trace(file);
                Engines.block(sim, design, sketches.stream().map(Stimulus::of).toList());
            }
            waves.put(kind, Waves.read(file));
        }
        Map<String, Waves.Signal> embedded = waves.get(EngineKind.EMBEDDED);
        int common = 0;
        var differences = new ArrayList<String>();
        for (String name : embedded.keySet()) {
            if (waves.values().stream().allMatch(signals -> signals.containsKey(name))) {
                common++;
                waves.forEach((kind, signals) -> {
                    var expected = embedded.get(name).changes();
                    if (!signals.get(name).changes().equals(expected)) {
                        differences.add(
                                kind + ", " + name + ": " + signals.get(name).changes() + ", embedded " + expected);
                    }
                });
            }
        }
        long own =
                embedded.keySet().stream().filter(name -> !name.contains("$")).count();
        assertThat(differences).as("from -Dlutra.seed=" + first).isEmpty();
        assertThat(common).isGreaterThan((int) (own * 0.9));
    }
}
