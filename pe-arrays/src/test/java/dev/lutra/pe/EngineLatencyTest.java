// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.machine.Engine;
import dev.lutra.sim.Simulators;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Results come the cycles after the last slot of a block that an engine says, scaled or not; what machine.json hands on to software. */
class EngineLatencyTest {

    static List<Engine> engines() {
        var engines = new ArrayList<Engine>();
        for (int t : new int[] {1, 4}) {
            var usual = new Engine(Engine.LUT_INT, 1, 4, 4, t, 8, true, 32, 48);
            MatrixEngines.all().forEach(engine -> engines.add(engine.inPlaceOf(usual)));
            engines.add(
                    new Engine(Engine.LUT_INT, 1, 4, 4, t, 8, true, 32, 48, usual.packing(), 2, usual.activations()));
        }
        return engines;
    }

    @ParameterizedTest
    @MethodSource("engines")
    void isTheEnginesOwn(Engine parameters) {
        MatrixEngine engine = MatrixEngines.of(parameters);
        MatrixShape shape = MatrixEngines.shape(parameters);
        var design = Circuit.of(() -> MatrixEngines.core(parameters));
        MatrixCore core = design.top();
        LutScale scale = core.scale;
        assertThat(scale != null).isEqualTo(parameters.groupScales());
        try (var simulator = Simulators.embedded(design)) {
            for (boolean scaled : scale == null ? new boolean[] {false} : new boolean[] {false, true}) {
                simulator.reset(1);
                for (var flag : List.of(
                        core.control.valid,
                        core.control.planeFirst,
                        core.control.planeLast,
                        core.control.groupFirst,
                        core.control.groupLast,
                        core.control.blockFirst,
                        core.control.blockLast)) {
                    simulator.poke(flag, true);
                }
                if (scale != null) {
                    simulator.poke(scale.valid, scaled);
                }
                int cycles = 0;
                do {
                    simulator.step(1);
                    simulator.poke(core.control.valid, false);
                    cycles++;
                } while (simulator.peek(core.resultValid) == 0 && cycles < 100);
                assertThat(cycles).as("%s, scaled %b", parameters, scaled).isEqualTo(engine.latency(shape, scaled));
            }
        }
    }
}
