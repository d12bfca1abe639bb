// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.sim.engine.SimulationException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class VerilatorEngineIT {
    @BeforeAll
    static void tools() {
        Designs.needTools();
    }

    private static VerilatorEngine open(DesignSource design) {
        return VerilatorEngine.open(design, VerilatorOptions.defaults());
    }

    @Test
    void combinationalOutputsFollowPokesAtOnceAndSignedOnesAreSignExtended() {
        try (VerilatorEngine adder = open(Designs.adder())) {
            adder.poke(0, 200);
            adder.poke(1, 255);
            assertThat(adder.peek(2)).isEqualTo(455);
            assertThat(adder.peek(3)).isEqualTo(-55);
            adder.poke(0, 0x1ff); // bits beyond the width are ignored
            assertThat(adder.peek(0)).isEqualTo(255);
            assertThat(adder.peek(2)).isEqualTo(510);
        }
    }

    @Test
    void registersStartAtZeroStepAndReset() {
        try (VerilatorEngine counter = open(Designs.counter())) {
            assertThat(counter.peek(2)).isZero();
            counter.poke(0, 1);
            assertThat(counter.peek(4)).isEqualTo(1);
            assertThat(counter.peek(2)).isZero();
            counter.step(5);
            assertThat(counter.peek(2)).isEqualTo(5);
            assertThat(counter.cycle()).isEqualTo(5);
            counter.poke(0, 0);
            assertThat(counter.peek(4)).as("combinational, after the edge").isEqualTo(5);
            counter.step(3);
            assertThat(counter.peek(2)).isEqualTo(5);
            counter.reset(2);
            assertThat(counter.peek(2)).isZero();
            assertThat(counter.cycle()).isEqualTo(10);
            counter.poke(0, 1);
            counter.step(1);
            assertThat(counter.peek(2)).isEqualTo(1);
        }
    }

    @Test
    void runUntilTestsBeforeEachCycle() {
        try (VerilatorEngine counter = open(Designs.counter())) {
            counter.poke(0, 1);
            counter.poke(1, 1000);
            assertThat(counter.runUntil(3, 5000)).isEqualTo(1000);
            assertThat(counter.runUntil(3, 5000)).isZero();
            counter.poke(1, 1010);
            assertThat(counter.runUntil(3, 9)).isEqualTo(-1);
            assertThat(counter.cycle()).isEqualTo(1009);
            assertThat(counter.runUntil(3, 1)).isEqualTo(1);
        }
    }

    @Test
    void batchEqualsPokePeekStep() {
        long seed = 7;
        Random random = new Random(seed);
        int cycles = 3000;
        int[] inputs = {0, 1, 2};
        int[] outputs = {3, 4, 5};
        int in = 2 + 4 + 1;
        int out = 4 + 2 + 1;
        LongBuffer stimulus = LongBuffer.allocate(cycles * in);
        for (int i = 0; i < stimulus.capacity(); i++) {
            stimulus.put(i, random.nextLong());
        }
        LongBuffer heap = LongBuffer.allocate(cycles * out);
        LongBuffer direct = direct(cycles * out + 3);
        LongBuffer directStimulus = direct(cycles * in + 5);
        directStimulus.position(5);
        directStimulus.put(5, stimulus, 0, cycles * in);
        direct.position(3);
        LongBuffer stepped = LongBuffer.allocate(cycles * out);
        LongBuffer some = direct(cycles * 5);
        try (VerilatorEngine a = open(Designs.wide());
                VerilatorEngine b = open(Designs.wide());
                VerilatorEngine c = open(Designs.wide());
                VerilatorEngine d = open(Designs.wide())) {
            a.batch(inputs, outputs, cycles, stimulus, heap);
            b.batch(inputs, outputs, cycles, directStimulus, direct);
            BigInteger q = BigInteger.ZERO;
            for (int i = 0; i < cycles; i++) {
                long[] row = new long[in];
                stimulus.get(i * in, row);
                c.poke(0, new long[] {row[0], row[1]});
                c.poke(1, new long[] {row[2], row[3], row[4], row[5]});
                c.poke(2, row[6]);
                long[] wide = new long[4];
                c.peek(3, wide);
                stepped.put(i * out, wide);
                assertThat(number(wide)).isEqualTo(q);
                q = q.add(number(new long[] {row[2], row[3], row[4], row[5] & 0xff}))
                        .mod(BigInteger.ONE.shiftLeft(200));
                long[] negated = new long[2];
                c.peek(4, negated);
                stepped.put(i * out + 4, negated);
                stepped.put(i * out + 6, c.peek(5));
                assertThat(c.peek(5)).isEqualTo(row[6] - 1);
                c.step(1);
            }
            // Not all ports, another order, in two calls.
            d.batch(new int[] {1, 2, 0}, new int[] {5, 3}, 0, stimulus, some);
            LongBuffer turned = LongBuffer.allocate(cycles * in);
            for (int i = 0; i < cycles; i++) {
                turned.put(i * in, stimulus, i * in + 2, 5);
                turned.put(i * in + 5, stimulus, i * in, 2);
            }
            d.batch(new int[] {1, 2, 0}, new int[] {5, 3}, 1000, turned, some);
            d.batch(
                    new int[] {1, 2, 0},
                    new int[] {5, 3},
                    cycles - 1000,
                    turned.position(1000 * in),
                    some.position(1000 * 5));
        }
        for (int i = 0; i < cycles; i++) {
            for (int w = 0; w < out; w++) {
                assertThat(heap.get(i * out + w))
                        .as("seed %d row %d word %d", seed, i, w)
                        .isEqualTo(stepped.get(i * out + w));
                assertThat(direct.get(3 + i * out + w)).isEqualTo(stepped.get(i * out + w));
            }
            assertThat(some.get(i * 5)).isEqualTo(stepped.get(i * out + 6));
            for (int w = 0; w < 4; w++) {
                assertThat(some.get(i * 5 + 1 + w)).isEqualTo(stepped.get(i * out + w));
            }
        }
    }

    /** Rows of all ports in order are moved by code of the design, others by loops over ports of a size: all against poke and peek. */
    @Test
    void portsOfABatchInAnyOrder() {
        DesignSource design = Designs.wide();
        List<Integer> inputs = ports(design, true);
        List<Integer> outputs = ports(design, false);
        Random random = new Random(3);
        try (VerilatorEngine batch = open(design);
                VerilatorEngine single = open(design)) {
            for (int round = 0; round < 30; round++) {
                int[] in = inputs.stream().mapToInt(i -> i).toArray();
                int[] out = outputs.stream().mapToInt(i -> i).toArray();
                int inWords = words(design, in);
                int outWords = words(design, out);
                LongBuffer stimulus = direct(10 * inWords);
                LongBuffer response = direct(10 * outWords);
                for (int i = 0; i < stimulus.capacity(); i++) {
                    stimulus.put(i, random.nextLong());
                }
                batch.batch(in, out, 10, stimulus, response);
                assertThat(batch.peek(LEVEL))
                        .as("the clock as data, after an edge")
                        .isEqualTo(1);
                for (int row = 0; row < 10; row++) {
                    for (int port : in) {
                        long[] value = new long[words(design, port)];
                        stimulus.get(value);
                        single.poke(port, value);
                    }
                    for (int port : out) {
                        long[] seen = new long[words(design, port)];
                        long[] expected = new long[words(design, port)];
                        response.get(seen);
                        single.peek(port, expected);
                        assertThat(seen)
                                .as("round %d, row %d, port %d", round, row, port)
                                .isEqualTo(port == LEVEL ? new long[] {0} : expected);
                    }
                    single.step(1);
                }
                // Of the first round, all in order.
                Collections.shuffle(inputs, random);
                Collections.shuffle(outputs, random);
                if (round % 3 == 2) {
                    inputs.remove(0);
                    outputs.remove(0);
                }
                if (outputs.size() < 2) {
                    inputs = ports(design, true);
                    outputs = ports(design, false);
                }
            }
        }
    }

    private static final int LEVEL = 14;

    private static List<Integer> ports(DesignSource design, boolean input) {
        return new ArrayList<>(IntStream.range(0, design.ports().size())
                .filter(i -> design.ports().get(i).input() == input)
                .boxed()
                .toList());
    }

    private static int words(DesignSource design, int... ports) {
        return Arrays.stream(ports)
                .map(port -> (design.ports().get(port).width() + 63) / 64)
                .sum();
    }

    @Test
    void aClosedSimulationIsAnErrorAndClosingTwiceIsNot() {
        VerilatorEngine adder = open(Designs.adder());
        adder.close();
        adder.close();
        assertThatThrownBy(() -> adder.peek(2))
                .isInstanceOf(SimulationException.class)
                .hasMessage("the simulation of adder is closed");
        assertThatThrownBy(() -> adder.step(1)).isInstanceOf(SimulationException.class);
    }

    private static LongBuffer direct(int words) {
        return ByteBuffer.allocateDirect(words * 8)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
    }

    private static BigInteger number(long[] words) {
        BigInteger n = BigInteger.ZERO;
        for (int i = words.length - 1; i >= 0; i--) {
            n = n.shiftLeft(64).add(new BigInteger(Long.toUnsignedString(words[i])));
        }
        return n;
    }
}
