// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.arith;

import static dev.lutra.hdl.Hdl.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Engines
class ArithmeticTest {
    private final EngineKind engine;

    ArithmeticTest(EngineKind engine) {
        this.engine = engine;
    }

    @Test
    void aCarrySaveAdderKeepsTheSum() {
        var random = new SplittableRandom(1);
        Elaboration<CarrySaveAdder> design = Circuit.of(() -> new CarrySaveAdder(16));
        CarrySaveAdder adder = design.top();
        try (Simulator sim = engine.open(design)) {
            for (int i = 0; i < 1000; i++) {
                int a = random.nextInt(1 << 16);
                int b = random.nextInt(1 << 16);
                int c = random.nextInt(1 << 16);
                sim.poke(adder.a, a);
                sim.poke(adder.b, b);
                sim.poke(adder.c, c);
                long sum = sim.peek(adder.sum.sum) + sim.peek(adder.sum.carry);
                assertThat(sum & 0xFFFF).isEqualTo((long) a + b + c & 0xFFFF);
                assertThat(sim.peek(adder.sum.sum)).isEqualTo(a ^ b ^ c);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tree.class)
    void aTreeKeepsTheSum(Tree tree) {
        int[][] shapes = {
            {2, 8, 8}, {3, 8, 10}, {4, 1, 3}, {5, 7, 9}, {8, 8, 11}, {9, 32, 32}, {16, 8, 12}, {23, 5, 6}, {64, 1, 7}
        };
        for (int[] shape : shapes) {
            var params = new CompressorTree.Params(shape[0], shape[1], shape[2], tree);
            var random = new SplittableRandom(shape[0]);
            Elaboration<CompressorTree> design = Circuit.of(() -> new CompressorTree(params));
            CompressorTree top = design.top();
            try (Simulator sim = engine.open(design)) {
                for (int i = 0; i < 300; i++) {
                    long sum = 0;
                    for (UInt operand : top.operands) {
                        long value = i == 0 ? (1L << shape[1]) - 1 : random.nextLong(1L << shape[1]);
                        sim.poke(operand, value);
                        sum += value;
                    }
                    assertThat(sim.peek(top.sum.sum) + sim.peek(top.sum.carry) & (1L << shape[2]) - 1)
                            .as("%s, case %d", params, i)
                            .isEqualTo(sum & (1L << shape[2]) - 1);
                }
            }
        }
    }

    /** Numbers of any width, sign and place, single bits and constants. */
    private static final class Mixture extends Module {
        final List<Data> terms = new ArrayList<>();
        final List<Integer> places = new ArrayList<>();
        final BigInteger constant;
        final UInt total;

        Mixture(int seed, int width, Tree tree) {
            var random = new SplittableRandom(seed);
            BitHeap heap = new BitHeap(width);
            int count = 1 + random.nextInt(20);
            for (int i = 0; i < count; i++) {
                int place = random.nextInt(width);
                int bits = 1 + random.nextInt(12);
                places.add(place);
                if (random.nextBoolean()) {
                    SInt term = named(in(sint(bits)), "term" + i);
                    heap.addSigned(term.asBits(), place);
                    terms.add(term);
                } else {
                    UInt term = named(in(uint(bits)), "term" + i);
                    heap.add(term, place);
                    terms.add(term);
                }
            }
            constant = BigInteger.valueOf(random.nextLong());
            heap.add(constant);
            BitHeap.Rows rows = heap.reduce(tree);
            total = out(uint(width));
            total.set(rows.sum().wrapAdd(rows.carry()));
        }
    }

    @ParameterizedTest
    @EnumSource(Tree.class)
    void aHeapOfAnythingKeepsTheSum(Tree tree) {
        for (int seed = 1; seed <= 60; seed++) {
            var random = new SplittableRandom(seed);
            int width = 1 + random.nextInt(40);
            int heapSeed = seed;
            Elaboration<Mixture> design = Circuit.of(() -> new Mixture(heapSeed, width, tree));
            Mixture top = design.top();
            try (Simulator sim = engine.open(design)) {
                for (int i = 0; i < 50; i++) {
                    BigInteger sum = top.constant;
                    for (int t = 0; t < top.terms.size(); t++) {
                        Data term = top.terms.get(t);
                        long range = 1L << term.width();
                        long value = random.nextLong(range) - (term instanceof SInt ? range / 2 : 0);
                        sim.poke(term, value);
                        sum = sum.add(BigInteger.valueOf(value).shiftLeft(top.places.get(t)));
                    }
                    assertThat(sim.peekBig(top.total))
                            .as("seed " + seed + ", case " + i)
                            .isEqualTo(sum.mod(BigInteger.ONE.shiftLeft(width)));
                }
            }
        }
    }

    /** The AND array of an unsigned multiplier, to count what a tree makes of it. */
    private static BitHeap andArray(int bits, Tree tree) {
        BitHeap[] heap = {new BitHeap(2 * bits)};
        Circuit.of(() -> new Module() {
            final UInt a = in(uint(bits));
            final UInt b = in(uint(bits));
            final UInt product = out(uint(2 * bits));

            {
                for (int i = 0; i < bits; i++) {
                    heap[0].add(a.and(fill(bits, b.bit(i)).asUInt()), i);
                }
                BitHeap.Rows rows = heap[0].reduce(tree);
                product.set(rows.sum().wrapAdd(rows.carry()));
            }
        });
        return heap[0];
    }

    /** N^2 - 4N + 3 full and N - 1 half adders (Townsend, Swartzlander and Abraham, 2003), at the levels of Dadda's sequence. */
    @ParameterizedTest
    @CsvSource({"4, 2", "6, 3", "8, 4", "9, 4", "12, 5", "13, 5"})
    void daddaTakesTheFewestAdders(int bits, int levels) {
        BitHeap heap = andArray(bits, Tree.DADDA);
        assertThat(heap.fullAdders()).isEqualTo(bits * bits - 4 * bits + 3);
        assertThat(heap.halfAdders()).isEqualTo(bits - 1);
        assertThat(heap.levels()).isEqualTo(levels);
        assertThat(andArray(bits, Tree.WALLACE).levels()).isEqualTo(levels);
    }

    @ParameterizedTest
    @CsvSource({"4, 1", "8, 2", "16, 3"})
    void fourTwoHalvesTheHeight(int bits, int levels) {
        assertThat(andArray(bits, Tree.FOUR_TWO).levels()).isBetween(levels, levels + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9, 12})
    void boothDigitsOfEveryNumber(int width) {
        Elaboration<BoothEncoder> design = Circuit.of(() -> new BoothEncoder(width));
        BoothEncoder encoder = design.top();
        try (Simulator sim = engine.open(design)) {
            for (int value = -(1 << width - 1); value < 1 << width - 1; value++) {
                sim.poke(encoder.value, value);
                long sum = 0;
                for (int i = 0; i < encoder.digits.size(); i++) {
                    BoothDigit digit = encoder.digits.get(i);
                    long magnitude = sim.peek(digit.one) + 2 * sim.peek(digit.two);
                    assertThat(magnitude).isBetween(0L, 2L);
                    assertThat(magnitude == 0 && sim.peekBool(digit.negative))
                            .as("-0 in " + value)
                            .isFalse();
                    sum += (sim.peekBool(digit.negative) ? -magnitude : magnitude) << (2 * i);
                }
                assertThat(sum).isEqualTo(value);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "8, 8, WALLACE",
        "8, 8, DADDA",
        "8, 8, FOUR_TWO",
        "1, 1, DADDA",
        "1, 5, DADDA",
        "5, 1, WALLACE",
        "3, 7, FOUR_TWO",
        "7, 3, DADDA",
        "6, 6, WALLACE",
    })
    void everyProduct(int aBits, int bBits, Tree tree) {
        Elaboration<BoothMultiplier> design =
                Circuit.of(() -> new BoothMultiplier(new BoothMultiplier.Params(aBits, bBits, tree)));
        try (Simulator sim = engine.open(design)) {
            for (long a = -(1L << aBits - 1); a < 1L << aBits - 1; a++) {
                for (long b = -(1L << bBits - 1); b < 1L << bBits - 1; b++) {
                    multiply(sim, design.top(), a, b);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"16, 16, DADDA", "9, 27, WALLACE", "27, 18, FOUR_TWO", "31, 31, DADDA"})
    void largeProducts(int aBits, int bBits, Tree tree) {
        var random = new SplittableRandom(aBits);
        Elaboration<BoothMultiplier> design =
                Circuit.of(() -> new BoothMultiplier(new BoothMultiplier.Params(aBits, bBits, tree)));
        try (Simulator sim = engine.open(design)) {
            long a = -(1L << aBits - 1);
            long b = -(1L << bBits - 1);
            multiply(sim, design.top(), a, b);
            multiply(sim, design.top(), a, -b - 1);
            multiply(sim, design.top(), -a - 1, b);
            multiply(sim, design.top(), -a - 1, -b - 1);
            for (int i = 0; i < 2000; i++) {
                multiply(sim, design.top(), random.nextLong(a, -a), random.nextLong(b, -b));
            }
        }
    }

    private static void multiply(Simulator sim, BoothMultiplier top, long a, long b) {
        sim.poke(top.a, a);
        sim.poke(top.b, b);
        if (sim.peek(top.product) != a * b) { // spares a million assertion objects
            assertThat(sim.peek(top.product)).as(a + " * " + b).isEqualTo(a * b);
        }
    }

    @Test
    void sizesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new CompressorTree.Params(4, 9, 8, Tree.DADDA))
                .hasMessage("a tree for 4 operands of 9 bits, with a sum of 8: at least 2, and no wider than the sum");
    }
}
