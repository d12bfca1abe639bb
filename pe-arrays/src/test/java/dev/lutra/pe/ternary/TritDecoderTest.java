// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.ternary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.pe.WeightCode;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** All bytes of both packings, a beat in every cycle. */
class TritDecoderTest {

    /** The 243 numbers of five trits by the packing's formula, in both directions. */
    @Engines(EngineKind.EMBEDDED)
    void fivePerByte(EngineKind engine) {
        int[] bytes = new int[243];
        for (int q = 0; q < 243; q++) bytes[q] = (256 * q + 242) / 243;
        assertThat(bytes[176]).isEqualTo(186); // 2 0 1 1 2
        check(engine, TritPacking.FIVE_PER_BYTE, 1, bytes, (q, n) -> digit(q, 4 - n));
        check(engine, TritPacking.FIVE_PER_BYTE, 3, bytes, (q, n) -> digit(q, 4 - n));
    }

    @Engines(EngineKind.EMBEDDED)
    void fourPerByte(EngineKind engine) {
        int[] bytes = new int[81];
        for (int q = 0; q < 81; q++) {
            for (int n = 0; n < 4; n++) bytes[q] |= digit(q, n) << 2 * n;
        }
        check(engine, TritPacking.FOUR_PER_BYTE, 2, bytes, TritDecoderTest::digit);
    }

    private static int digit(int q, int power) {
        for (int i = 0; i < power; i++) q /= 3;
        return q % 3;
    }

    private interface Digits {
        int of(int number, int trit);
    }

    private static void check(EngineKind engine, TritPacking packing, int width, int[] bytes, Digits digits) {
        var p = new TritDecoder.Params(packing, width);
        var design = Circuit.of(() -> new TritDecoder(p));
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        try (var simulator = engine.open(design)) {
            var decoder = design.top();
            simulator.reset(1);
            for (int beat = 0; beat < bytes.length; beat++) {
                // Byte 0 passes through all numbers.
                int[] numbers = new int[width];
                var word = BigInteger.ZERO;
                var expected = BigInteger.ZERO;
                for (int i = 0; i < width; i++) {
                    numbers[i] = i == 0 ? beat : random.nextInt(bytes.length);
                    word = word.or(BigInteger.valueOf(bytes[numbers[i]]).shiftLeft(8 * i));
                    for (int n = 0; n < packing.trits(); n++) {
                        expected = expected.or(
                                BigInteger.valueOf(digits.of(numbers[i], n)).shiftLeft(2 * (packing.trits() * i + n)));
                    }
                }
                simulator.poke(decoder.valid, beat % 2);
                simulator.poke(decoder.bytes, word);
                simulator.step(1);
                assertThat(simulator.peek(decoder.tritsValid)).isEqualTo(beat % 2);
                assertThat(simulator.peekBig(decoder.trits))
                        .as("numbers %s, -Dlutra.seed=%d", java.util.Arrays.toString(numbers), seed)
                        .isEqualTo(expected);
            }
        }
    }

    /** All words of three trits, and what the codes of the planes are worth. */
    @Engines(EngineKind.EMBEDDED)
    void planesAreWorthTheWeights(EngineKind engine) {
        for (int g = 2; g <= 4; g++) {
            var p = new TritPlanes.Params(g, 2);
            var design = Circuit.of(() -> new TritPlanes(p));
            try (var simulator = engine.open(design)) {
                var planes = design.top();
                int words = (int) Math.pow(3, g);
                for (int q = 0; q < words; q++) {
                    long trits = 0;
                    for (int k = 0; k < g; k++) {
                        trits |= (long) digit(q, k) << 2 * k | (long) digit(words - 1 - q, k) << 2 * (g + k);
                    }
                    simulator.poke(planes.trits, trits);
                    long high = simulator.peek(planes.high);
                    long low = simulator.peek(planes.low);
                    for (int k = 0; k < g; k++) {
                        int bipolar = 2 * sign(high, g, k) + sign(low, g, k);
                        int weight = digit(q, k) - 1;
                        // q' - z' = 2 w
                        assertThat(bipolar - WeightCode.TERNARY.zeroPoint()).isEqualTo(2 * weight);
                        assertThat(2 * sign(high >> g, g, k) + sign(low >> g, g, k) + 1)
                                .isEqualTo(2 * (digit(words - 1 - q, k) - 1));
                    }
                }
            }
        }
    }

    /** Of eq. 6: the top bit is its own, the others are inverted where it is set. */
    private static int sign(long mapped, int g, int k) {
        long top = mapped >> g - 1 & 1;
        long bit = k == g - 1 ? top : mapped >> k & 1 ^ top;
        return bit == 1 ? 1 : -1;
    }

    @Test
    void hasNoMultiplier() {
        var circuit = Circuit.of(() -> new TritDecoder(new TritDecoder.Params(TritPacking.FIVE_PER_BYTE, 4)))
                .circuit();
        assertThat(VerilogWriter.write(circuit).get(0).text().replaceAll("(?m)//.*$", ""))
                .contains("+")
                .doesNotContain("*");
        assertThatThrownBy(() -> new TritDecoder.Params(TritPacking.FIVE_PER_BYTE, 0))
                .hasMessageContaining("0 bytes");
        assertThatThrownBy(() -> new TritPlanes.Params(7, 1)).hasMessageContaining("not 7");
    }
}
