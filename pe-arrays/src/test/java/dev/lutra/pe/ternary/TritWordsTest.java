// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.ternary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.machine.WeightPacking;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;

/** Random products one after the other, packed or not, with bubbles: the words are those of the weights, a cycle later. */
class TritWordsTest {
    private static final int WORD_BITS = 64;
    private static final int TRITS = WORD_BITS / 2;

    /** Tables of three, where a word has bits left over. */
    @Engines(EngineKind.EMBEDDED)
    void tables(EngineKind engine) {
        check(engine, new TritWords.Params(WeightPacking.MAPPED_PLANES, 3, WORD_BITS, 48));
    }

    @Engines(EngineKind.EMBEDDED)
    void integers(EngineKind engine) {
        check(engine, new TritWords.Params(WeightPacking.DIGITS, 4, WORD_BITS, WORD_BITS));
    }

    private static void check(EngineKind engine, TritWords.Params p) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        var design = Circuit.of(() -> new TritWords(p));
        try (var simulator = engine.open(design)) {
            var words = design.top();
            simulator.reset(1);
            for (int product = 0; product < 30; product++) {
                boolean packed = random.nextInt(4) != 0;
                int[][] weights = new int[1 + random.nextInt(17)][];
                Arrays.setAll(
                        weights, i -> random.ints(TRITS, 0, packed ? 3 : 4).toArray());
                Deque<BigInteger> stored = new ArrayDeque<>();
                for (int i = 0; i < weights.length; i += 5) {
                    store(packed, weights, i, stored);
                }
                for (int i = 0; i < weights.length; i++) {
                    boolean fifth = packed && i % 5 == 4;
                    while (random.nextInt(3) == 0) {
                        simulator.poke(words.valid, 0);
                        simulator.poke(words.stored, new BigInteger(WORD_BITS, random));
                        simulator.step(1);
                    }
                    simulator.poke(words.valid, 1);
                    simulator.poke(words.packed, packed ? 1 : 0);
                    simulator.poke(words.fifth, fifth ? 1 : 0);
                    simulator.poke(words.stored, fifth ? new BigInteger(WORD_BITS, random) : stored.remove());
                    simulator.step(1);
                    BigInteger expected = packed ? word(p, weights[i]) : plain(weights[i]);
                    assertThat(simulator.peekBig(words.word))
                            .as("word %d of product %d, packed %s, -Dlutra.seed=%d", i, product, packed, seed)
                            .isEqualTo(expected.mod(BigInteger.ONE.shiftLeft(p.usedBits())));
                }
                assertThat(stored).isEmpty();
            }
        }
    }

    /** The words in memory of up to five from the first one on. */
    private static void store(boolean packed, int[][] weights, int first, Deque<BigInteger> stored) {
        for (int i = first; i < Math.min(first + (packed ? 4 : 5), weights.length); i++) {
            if (!packed) {
                stored.add(plain(weights[i]));
                continue;
            }
            BigInteger word = BigInteger.ZERO;
            for (int b = 0; b < WORD_BITS / 8; b++) {
                int number = 0;
                for (int n = 0; n < 4; n++) {
                    number = 3 * number + weights[i][4 * b + n];
                }
                int fifth = first + 4 < weights.length ? weights[first + 4][(i - first) * WORD_BITS / 8 + b] : 0;
                number = 3 * number + fifth;
                word = word.or(BigInteger.valueOf((256 * number + 242) / 243).shiftLeft(8 * b));
            }
            stored.add(word);
        }
    }

    private static BigInteger plain(int[] fields) {
        BigInteger word = BigInteger.ZERO;
        for (int i = 0; i < fields.length; i++) {
            word = word.or(BigInteger.valueOf(fields[i]).shiftLeft(2 * i));
        }
        return word;
    }

    /** As the engine's packing has trits: w in two bits, or a code of each plane. */
    private static BigInteger word(TritWords.Params p, int[] trits) {
        if (p.packing() == WeightPacking.DIGITS) {
            return plain(Arrays.stream(trits).map(trit -> trit - 1 & 3).toArray());
        }
        BigInteger word = BigInteger.ZERO;
        int at = 0;
        for (int table = 0; table < trits.length / p.g(); table++) {
            for (int plane = 0; plane < 2; plane++) {
                int code = 0;
                for (int k = 0; k < p.g(); k++) {
                    code |= (trits[table * p.g() + k] >> plane & 1) << k;
                }
                int top = 1 << p.g() - 1;
                word = word.or(BigInteger.valueOf((code & top) == 0 ? code : code ^ top - 1)
                        .shiftLeft(at));
                at += p.g();
            }
        }
        return word;
    }
}
