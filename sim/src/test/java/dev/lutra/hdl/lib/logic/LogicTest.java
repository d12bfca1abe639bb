// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.logic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Engines
class LogicTest {
    private final EngineKind engine;

    LogicTest(EngineKind engine) {
        this.engine = engine;
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3, 4, 5, 10, 64, 100})
    void aCounterCountsRound(long steps) {
        var random = new SplittableRandom(steps);
        Elaboration<Counter> design = Circuit.of(() -> Counter.modulo(steps));
        Counter counter = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            long expected = 0;
            int rounds = 0;
            for (int cycle = 0; cycle < 3000; cycle++) {
                boolean enable = random.nextInt(8) != 0;
                boolean clear = random.nextInt(200) == 0;
                sim.poke(counter.enable, enable);
                sim.poke(counter.clear, clear);
                assertThat(sim.peek(counter.count)).as("cycle " + cycle).isEqualTo(expected);
                boolean wraps = enable && expected == steps - 1;
                assertThat(sim.peekBool(counter.wraps)).as("cycle " + cycle).isEqualTo(wraps);
                rounds += wraps ? 1 : 0;
                expected = clear ? 0 : enable ? (expected + 1) % steps : expected;
                sim.step(1);
            }
            assertThat(rounds).isGreaterThan(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void aShiftRegisterGoesThroughAllNumbersButZero(int width) {
        Elaboration<Lfsr> design = Circuit.of(() -> new Lfsr(new Lfsr.Params(width, 1)));
        Lfsr lfsr = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            sim.poke(lfsr.enable, true);
            var seen = new BitSet();
            int period = (1 << width) - 1;
            for (int i = 0; i < period; i++) {
                seen.set((int) sim.peek(lfsr.value));
                sim.step(1);
            }
            assertThat(seen.cardinality()).isEqualTo(period);
            assertThat(seen.get(0)).isFalse();
            assertThat(sim.peek(lfsr.value)).as("back at the seed").isEqualTo(1);
            sim.poke(lfsr.enable, false);
            sim.step(1);
            assertThat(sim.peek(lfsr.value)).as("held").isEqualTo(1);
        }
    }

    /** The step as a matrix over GF(2): its order is the period. The factors are those of 2^width - 1. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"17; 131071", "20; 3 5 11 31 41", "24; 3 5 7 13 17 241", "31; 2147483647", "32; 3 5 17 257 65537"})
    void wideShiftRegistersHaveTheFullPeriodToo(int width, String factors) {
        long polynomial = PrimitivePolynomial.ofDegree(width);
        assertThat(polynomial >>> width).isEqualTo(1);
        long period = (1L << width) - 1;
        assertThat(power(step(polynomial, width), period)).isEqualTo(power(step(polynomial, width), 0));
        for (String factor : factors.split(" ")) {
            long part = period / Long.parseLong(factor);
            assertThat(period % Long.parseLong(factor)).isZero();
            assertThat(power(step(polynomial, width), part))
                    .as("2^" + width + " - 1 over " + factor)
                    .isNotEqualTo(power(step(polynomial, width), 0));
        }
    }

    /** Column i: where the step takes the number 2^i. */
    private static long[] step(long polynomial, int width) {
        long[] columns = new long[width];
        for (int i = 0; i < width; i++) {
            columns[i] = i == width - 1 ? polynomial & (1L << width) - 1 : 2L << i;
        }
        return columns;
    }

    private static long[] times(long[] a, long[] b) {
        long[] product = new long[a.length];
        for (int column = 0; column < a.length; column++) {
            for (int i = 0; i < a.length; i++) {
                product[column] ^= (b[column] >>> i & 1) != 0 ? a[i] : 0;
            }
        }
        return product;
    }

    private static long[] power(long[] matrix, long exponent) {
        long[] result = new long[matrix.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = 1L << i;
        }
        for (long[] square = matrix; exponent != 0; exponent >>>= 1, square = times(square, square)) {
            result = (exponent & 1) != 0 ? times(result, square) : result;
        }
        return result;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 8, 9})
    void encodersOfEveryPattern(int width) {
        Elaboration<PriorityEncoder> priority = Circuit.of(() -> new PriorityEncoder(width));
        Elaboration<OneHotEncoder> encoder = Circuit.of(() -> new OneHotEncoder(width));
        Elaboration<OneHotDecoder> decoder = Circuit.of(() -> new OneHotDecoder(width));
        try (Simulator p = engine.open(priority);
                Simulator e = engine.open(encoder);
                Simulator d = engine.open(decoder)) {
            for (int bits = 0; bits < 1 << width; bits++) {
                p.poke(priority.top().requests, bits);
                assertThat(p.peek(priority.top().index))
                        .as("bits " + bits)
                        .isEqualTo(bits == 0 ? width - 1 : Integer.numberOfTrailingZeros(bits));
                assertThat(p.peekBool(priority.top().any)).isEqualTo(bits != 0);
                int numbers = 0;
                for (int i = 0; i < width; i++) {
                    numbers |= (bits >>> i & 1) != 0 ? i : 0;
                }
                e.poke(encoder.top().oneHot, bits);
                assertThat(e.peek(encoder.top().index)).as("bits " + bits).isEqualTo(numbers);
            }
            for (int i = 0; i < 1 << PriorityEncoder.indexBits(width); i++) {
                d.poke(decoder.top().index, i);
                assertThat(d.peek(decoder.top().oneHot)).as("number " + i).isEqualTo(i < width ? 1L << i : 0);
            }
        }
    }

    @Test
    void sizesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> Counter.modulo(1)).hasMessage("a counter of 0 bits up to 0");
        assertThatThrownBy(() -> new Lfsr.Params(8, 0)).hasMessageContaining("a seed that is not 0");
        assertThatThrownBy(() -> new Lfsr.Params(33, 1)).hasMessageContaining("2 to 32 bits");
    }
}
