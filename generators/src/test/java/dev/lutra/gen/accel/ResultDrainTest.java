// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import org.junit.jupiter.api.Test;

/** Blocks of four results in two beats. */
class ResultDrainTest {
    private static final ResultDrain.Params PARAMS = new ResultDrain.Params(4, 32, 64, 8, 4, true);

    @Test
    void aBlockIsTwoBeats() {
        run(false, "11");
    }

    /** The core goes on when a region is stopped: its results come when nobody waits for them, and must not be the next region's first ones. */
    @Test
    void resultsOfWhatWasClearedAreDropped() {
        run(true, "00");
    }

    private static void run(boolean cleared, String beats) {
        var design = Circuit.of(() -> new ResultDrain(PARAMS));
        ResultDrain drain = design.top();
        try (Simulator simulator = Simulators.embedded(design)) {
            simulator.reset(1);
            simulator.poke(drain.slot.valid, 1);
            simulator.poke(requireNonNull(drain.slot.bits.toRows), 1);
            simulator.step(1);
            simulator.poke(drain.slot.valid, 0);
            simulator.poke(drain.clear, cleared ? 1 : 0);
            simulator.step(1);
            simulator.poke(drain.clear, 0);
            simulator.poke(drain.resultsValid, 1);
            var come = new StringBuilder().append(simulator.peek(requireNonNull(drain.sumsValid)));
            simulator.step(1);
            simulator.poke(drain.resultsValid, 0);
            come.append(simulator.peek(requireNonNull(drain.sumsValid)));
            simulator.step(1);
            assertThat(come).hasToString(beats);
            assertThat(simulator.peek(drain.sumsValid)).isZero();
            assertThat(simulator.peek(drain.idle)).isEqualTo(1);
        }
    }
}
