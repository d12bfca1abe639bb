// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** FP16 tables with rounded entries against {@link RoundedTable}, and that against exact sums. */
class HalfTableArrayTest {

    /** Magnitudes of which six make no infinity. */
    private static long[] activations(Random random, int count) {
        long[] halves = Halves.random(random, count);
        for (int i = 0; i < count; i++) if ((halves[i] >> 10 & 31) > 27) halves[i] ^= 0x1000;
        return halves;
    }

    private static long lookup(RoundedTable model, long[] group, int[] signs) {
        int g = group.length;
        int index = 0;
        for (int k = 0; k < g - 1; k++) if (signs[k] != signs[g - 1]) index |= 1 << k;
        return model.entry(group, index) ^ (signs[g - 1] < 0 ? 0x8000 : 0);
    }

    @Engines
    void equalsTheModel(EngineKind engine) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        for (var p : new HalfTableArray.Params[] {
            new HalfTableArray.Params(2, 4, 4, 16),
            new HalfTableArray.Params(1, 3, 5, 24),
            new HalfTableArray.Params(2, 2, 2, 11),
            new HalfTableArray.Params(1, 6, 3, 13)
        }) {
            int lanes = p.g() * p.t();
            var model = p.arithmetic();
            var design = Circuit.of(() -> new HalfTableArray(p));
            var array = design.top();
            var expected = new ArrayList<String>();
            var actual = new ArrayList<String>();
            try (var simulator = engine.open(design)) {
                simulator.reset(1);
                int slots = 90;
                long[][] lines = new long[slots][];
                for (int i = 0; i < slots; i++) lines[i] = activations(random, lanes);
                long[] sums = new long[p.n()];
                boolean first = true;
                for (int cycle = 0; cycle < slots + HalfTableArray.EARLY + p.latency() + 2; cycle++) {
                    if (cycle < slots) simulator.poke(array.activations, Halves.line(lines[cycle]));
                    int slot = cycle - HalfTableArray.EARLY;
                    boolean valid = slot >= 0 && slot < slots && random.nextInt(4) > 0;
                    boolean last = random.nextInt(3) == 0;
                    int plane = random.nextInt(8);
                    long start = random.nextInt(3) == 0 ? 0 : FloatFormat.BINARY32.encode(random.nextGaussian());
                    simulator.poke(array.valid, valid ? 1 : 0);
                    simulator.poke(array.first, first ? 1 : 0);
                    simulator.poke(array.last, last ? 1 : 0);
                    simulator.poke(array.plane, plane);
                    simulator.poke(array.initial, start);
                    if (valid) {
                        var codes = BigInteger.ZERO;
                        for (int n = 0; n < p.n(); n++) {
                            long[] lookups = new long[p.t()];
                            for (int t = 0; t < p.t(); t++) {
                                int[] signs = random.ints(p.g(), 0, 2)
                                        .map(s -> 2 * s - 1)
                                        .toArray();
                                int top = signs[p.g() - 1];
                                int base = n * lanes + t * p.g();
                                for (int k = 0; k < p.g() - 1; k++) if (signs[k] != top) codes = codes.setBit(base + k);
                                if (top < 0) codes = codes.setBit(base + p.g() - 1);
                                var group = Arrays.copyOfRange(lines[slot], t * p.g(), (t + 1) * p.g());
                                lookups[t] = lookup(model, group, signs);
                            }
                            sums[n] = model.slot(first ? start : sums[n], lookups, plane);
                        }
                        simulator.poke(array.codes, codes);
                        if (last) expected.add(cycle + p.latency() + ": " + Arrays.toString(sums));
                        first = last;
                    }
                    if (simulator.peek(array.resultValid) == 1) {
                        actual.add(cycle + ": "
                                + array.results.stream().map(simulator::peek).toList());
                    }
                    simulator.step(1);
                }
            }
            assertThat(expected).hasSizeGreaterThan(10);
            assertThat(actual).as("-Dlutra.seed=%d, %s", seed, p).isEqualTo(expected);
        }
    }

    /** A table costs half a unit of its entry's last place, a lookup less than one of its slot's B bits. */
    @Test
    void modelIsNearTheExactSum() {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        var model = new RoundedTable(4, 16);
        for (int i = 0; i < 2000; i++) {
            long[] lookups = new long[4];
            double exact = 0;
            double allowed = 0;
            double greatest = Math.scalb(1.0, -24);
            for (int t = 0; t < 4; t++) {
                long[] group = activations(random, 4);
                int[] signs = random.ints(4, 0, 2).map(s -> 2 * s - 1).toArray();
                for (int k = 0; k < 4; k++) exact += signs[k] * FloatFormat.BINARY16.decode(group[k]);
                lookups[t] = lookup(model, group, signs);
                int e = (int) Math.max(1, lookups[t] >> 10 & 31);
                allowed += Math.scalb(0.5, e - 25);
                greatest = Math.max(greatest, Math.scalb(1.0, e - 25 - 5));
            }
            double modelled = FloatFormat.BINARY32.decode(model.slot(0, lookups, 0));
            assertThat(Math.abs(modelled - exact))
                    .as("-Dlutra.seed=%d", seed)
                    .isLessThanOrEqualTo(allowed + 4 * greatest + Math.ulp((float) exact));
        }
    }

    /** 2048 + 1 ties to the even neighbour, 2048 + 3 to the one above. */
    @Test
    void entriesAreRoundedOnceToEven() {
        var model = new RoundedTable(3, 16);
        long big = FloatFormat.BINARY16.encode(2048);
        long one = FloatFormat.BINARY16.encode(1);
        long two = FloatFormat.BINARY16.encode(2);
        assertThat(FloatFormat.BINARY16.decode(model.entry(new long[] {0, one, big}, 0)))
                .isEqualTo(2048);
        assertThat(FloatFormat.BINARY16.decode(model.entry(new long[] {two, one, big}, 0)))
                .isEqualTo(2052);
        // Rounded after each addition it would be 2048.
        assertThat(FloatFormat.BINARY16.decode(model.entry(new long[] {one, one, big}, 0)))
                .isEqualTo(2050);
    }
}
