// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.fir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.bench.Bench;
import dev.lutra.sim.bench.Gaps;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Filters against the sum of products of their definition, in integers of any size. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class FirTest {
    private final EngineKind engine;

    FirTest(EngineKind engine) {
        this.engine = engine;
    }

    /** Random filters to try; each is a model to build for engines that build. */
    private int filters() {
        return engine != EngineKind.EMBEDDED && !Boolean.getBoolean("lutra.deep") ? 3 : 30;
    }

    /** The definition: y(n) is the sum of h(k) x(n - k). */
    private static List<BigInteger> convolve(List<Integer> h, List<Long> x) {
        List<BigInteger> y = new ArrayList<>();
        for (int n = 0; n < x.size(); n++) {
            BigInteger sum = BigInteger.ZERO;
            for (int k = 0; k < h.size() && k <= n; k++) {
                sum = sum.add(BigInteger.valueOf(h.get(k)).multiply(BigInteger.valueOf(x.get(n - k))));
            }
            y.add(sum);
        }
        return y;
    }

    /** What comes out for raw samples, which come and are taken with pauses. */
    private List<BigInteger> filter(Fir.Params params, List<Long> samples, SplittableRandom pauses) {
        Elaboration<Fir> design = Circuit.of(() -> new Fir(params));
        Fir fir = design.top();
        List<BigInteger> results = new ArrayList<>();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            var bench = new Bench(sim, pauses.nextLong());
            var source = bench.source(fir.put).gaps(Gaps.random(3, 4));
            var sink = bench.sink(fir.take).gaps(Gaps.random(3, 4));
            sink.forEach(item -> results.add(BigInteger.valueOf(item.get(0))));
            samples.forEach(source::send);
            bench.runUntil(() -> results.size() == samples.size(), 50L * samples.size() + 1000);
        }
        return results;
    }

    private static List<Long> random(SplittableRandom random, int bits, int count) {
        List<Long> samples = new ArrayList<>();
        long span = 1L << bits - 1;
        for (int i = 0; i < count; i++) {
            samples.add(
                    random.nextInt(8) == 0 ? (random.nextBoolean() ? -span : span - 1) : random.nextLong(-span, span));
        }
        return samples;
    }

    @Test
    void randomFilters() {
        for (long seed = 1; seed <= filters(); seed++) {
            var random = new SplittableRandom(seed);
            int bits = 2 + random.nextInt(24);
            int size = 1 << 1 + random.nextInt(16);
            List<Integer> coefficients = new ArrayList<>();
            int taps = 1 + random.nextInt(12);
            for (int k = 0; k < taps; k++) {
                coefficients.add(random.nextInt(4) == 0 ? 0 : random.nextInt(-size, size));
            }
            coefficients.set(random.nextInt(taps), size); // one is not 0
            var params = new Fir.Params(2, bits - 2, coefficients, 15);
            List<Long> samples = random(random, bits, 200);
            assertThat(filter(params, samples, random)).as("seed " + seed).isEqualTo(convolve(coefficients, samples));
        }
    }

    /** The samples that make the largest and the smallest result, which the output just holds. */
    @Test
    void theLargestSums() {
        var random = new SplittableRandom(1);
        List<Integer> coefficients = List.of(-1, 127, -128, 0, 127, 0, 3);
        var params = new Fir.Params(1, 7, coefficients, 7);
        List<Long> samples = new ArrayList<>();
        for (int sign : new int[] {1, -1}) {
            for (int k = coefficients.size() - 1; k >= 0; k--) {
                samples.add(sign * coefficients.get(k) > 0 ? 127L : -128L);
            }
        }
        List<BigInteger> results = filter(params, samples, random);
        assertThat(results).isEqualTo(convolve(coefficients, samples));
        assertThat(results.get(6).intValue()).isEqualTo(127 * 257 + 128 * 129);
        assertThat(results.get(13).intValue()).isEqualTo(-128 * 257 - 127 * 129);
        int width = Circuit.of(() -> new Fir(params)).top().take.bits.width();
        assertThat(width).isEqualTo(17);
    }

    /** Gain of a low-pass filter, with samples of a sine. */
    @Test
    void aLowPassFilterPassesLowFrequencies() {
        int fraction = 15;
        var params = new Fir.Params(1, fraction, WindowedSinc.lowPass(41, 0.1, fraction), fraction);
        assertThat(gain(params, 0.02)).isBetween(0.99, 1.01);
        assertThat(gain(params, 0.1)).isBetween(0.45, 0.55);
        assertThat(gain(params, 0.2)).isLessThan(0.005);
        assertThat(gain(params, 0.4)).isLessThan(0.005);
    }

    private double gain(Fir.Params params, double frequency) {
        double amplitude = 0.9;
        List<Long> samples = new ArrayList<>();
        for (int n = 0; n < 250; n++) {
            samples.add(Math.round(amplitude * Math.sin(2 * Math.PI * frequency * n) * (1 << params.fractionBits())));
        }
        double power = 0;
        List<BigInteger> results = filter(params, samples, new SplittableRandom(1));
        List<BigInteger> settled = results.subList(50, 250); // whole periods
        for (BigInteger result : settled) {
            double value = Math.scalb(result.doubleValue(), -2 * params.fractionBits());
            power += value * value;
        }
        return Math.sqrt(2 * power / settled.size()) / amplitude;
    }

    @Test
    void badParametersAreRefused() {
        assertThatThrownBy(() -> new Fir.Params(1, 7, List.of(0, 0), 7))
                .hasMessage("a filter without a coefficient other than 0: its output is 0");
        assertThatThrownBy(() -> WindowedSinc.lowPass(4, 0.1, 7)).hasMessageContaining("a filter of 4 taps");
    }
}
