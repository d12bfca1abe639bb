// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** FP16 multiply-accumulate against {@link FusedDot}, and that against exact sums. */
class HalfMacArrayTest {

    @Engines
    void equalsTheModel(EngineKind engine) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        for (var p : new HalfMacArray.Params[] {
            new HalfMacArray.Params(2, 2, false),
            new HalfMacArray.Params(1, 5, true),
            new HalfMacArray.Params(2, 16, true),
            new HalfMacArray.Params(1, 11, false)
        }) {
            var design = Circuit.of(() -> new HalfMacArray(p));
            var array = design.top();
            var expected = new ArrayList<String>();
            var actual = new ArrayList<String>();
            try (var simulator = engine.open(design)) {
                simulator.reset(1);
                long cycle = 0;
                for (int product = 0; product < 40; product++) {
                    int slots = 1 + random.nextInt(4);
                    long[] sums = new long[p.n()];
                    for (int slot = 0; slot < slots; slot++) {
                        long[] a = Halves.random(random, p.lanes());
                        long[] w = Halves.random(random, p.lanes() * p.n());
                        simulator.poke(array.valid, 1);
                        simulator.poke(array.first, slot == 0 ? 1 : 0);
                        simulator.poke(array.last, slot == slots - 1 ? 1 : 0);
                        simulator.poke(array.activations, Halves.line(a));
                        simulator.poke(array.codes, Halves.line(w));
                        for (int n = 0; n < p.n(); n++) {
                            var weights = java.util.Arrays.copyOfRange(w, n * p.lanes(), (n + 1) * p.lanes());
                            sums[n] = FusedDot.slot(slot == 0, sums[n], a, weights);
                        }
                        if (slot == slots - 1) {
                            expected.add(cycle + p.latency() + ": " + java.util.Arrays.toString(sums));
                        }
                        int steps = 1 + (random.nextInt(3) == 0 ? random.nextInt(3) : 0);
                        if (product == 39 && slot == slots - 1) steps = p.latency() + 2;
                        for (int i = 0; i < steps; i++) {
                            if (simulator.peek(array.resultValid) == 1) {
                                actual.add(cycle + ": "
                                        + array.results.stream()
                                                .map(simulator::peek)
                                                .toList());
                            }
                            simulator.step(1);
                            cycle++;
                            simulator.poke(array.valid, 0);
                            simulator.poke(array.first, random.nextInt(2));
                        }
                    }
                }
            }
            assertThat(actual).as("-Dlutra.seed=%d, %s", seed, p).isEqualTo(expected);
        }
    }

    /** One lane is cut off by less than an ulp of the greatest product's 24 bits. */
    @Test
    void modelIsNearTheExactSum() {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            long[] a = Halves.random(random, 16);
            long[] w = Halves.random(random, 16);
            double exact = 0;
            double greatest = 0;
            for (int k = 0; k < 16; k++) {
                double product = FloatFormat.BINARY16.decode(a[k]) * FloatFormat.BINARY16.decode(w[k]);
                exact += product;
                int e = (int) (Math.max(1, a[k] >> 10 & 31) + Math.max(1, w[k] >> 10 & 31));
                greatest = Math.max(greatest, Math.scalb(1.0, e - 52));
            }
            double modelled = FloatFormat.BINARY32.decode(FusedDot.slot(true, 0, a, w));
            assertThat(Math.abs(modelled - exact))
                    .as("-Dlutra.seed=%d", seed)
                    .isLessThanOrEqualTo(16 * greatest + Math.ulp((float) exact) / 2);
        }
    }
}
