// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Type;
import dev.lutra.sim.engine.Clocks;
import dev.lutra.sim.engine.Engine;
import dev.lutra.sim.verilator.DesignSource;
import dev.lutra.sim.verilator.VerilatorEngine;
import dev.lutra.sim.verilator.VerilatorOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Both engines on the same random circuits with the same stimulus, in blocks, with resets between them. */
class RandomCircuitIT {
    private static final int CIRCUITS = 8;
    private static final int CYCLES = 200;

    @Test
    void inEveryCycleOfRandomCircuits() {
        for (String tool : List.of("verilator", "g++")) {
            boolean found = List.of(System.getenv("PATH").split(":")).stream()
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
            assumeTrue(found, "skipped: " + tool + " is not on the PATH");
        }
        int rounds = Boolean.getBoolean("lutra.deep") ? 20 : 1;
        for (int round = 0; round < rounds; round++) {
            var circuits = new ArrayList<Circuit>();
            for (int i = 0; i < CIRCUITS; i++) {
                long seed = 70_000L + round * CIRCUITS + i;
                int width = i % 4 == 0 ? 70 : 20;
                circuits.add(
                        i % 2 == 0
                                ? RandomCircuit.ofLanguage(seed, width)
                                : RandomCircuit.ofTwoClocks(seed / 2, width));
            }
            compare(RandomCircuit.together(circuits), round);
        }
    }

    private static void compare(Circuit circuit, int round) {
        var source = DesignSource.of(circuit);
        List<Port> ports = circuit.top().ports();
        int[] inputs = numbers(ports, Direction.IN);
        int[] outputs = numbers(ports, Direction.OUT);
        int inWords = words(ports, inputs);
        int outWords = words(ports, outputs);
        var random = new Random(round);
        LongBuffer stimulus = buffer(CYCLES * inWords);
        for (int i = 0; i < CYCLES * inWords; i++) {
            stimulus.put(i, random.nextInt(4) == 0 ? random.nextInt(3) - 1 : random.nextLong());
        }
        LongBuffer expected = buffer(CYCLES * outWords);
        LongBuffer actual = buffer(CYCLES * outWords);
        try (Engine verilator = VerilatorEngine.open(source, VerilatorOptions.defaults());
                Engine embedded = EmbeddedEngine.open(circuit)) {
            for (int clock = 0; clock < Clocks.of(circuit.top()).size(); clock++) {
                int period = 1 + random.nextInt(5);
                int phase = random.nextInt(period);
                verilator.clock(clock, period, phase);
                embedded.clock(clock, period, phase);
            }
            var lines = new ArrayList<String>();
            var same = new ArrayList<String>();
            verilator.speech().listener(lines::add);
            embedded.speech().listener(same::add);
            for (int block = 0; block < 3; block++) {
                verilator.reset(1 + block);
                embedded.reset(1 + block);
                verilator.batch(inputs, outputs, CYCLES, stimulus, expected);
                embedded.batch(inputs, outputs, CYCLES, stimulus, actual);
                for (int cycle = 0; cycle < CYCLES; cycle++) {
                    int at = cycle * outWords;
                    for (int port : outputs) {
                        for (int k = (ports.get(port).type().width() + 63) / 64; k > 0; k--, at++) {
                            assertThat(actual.get(at))
                                    .as("%s in cycle %d of block %d, round %d", ports.get(port), cycle, block, round)
                                    .isEqualTo(expected.get(at));
                        }
                    }
                }
                assertThat(same).as("printed, round " + round).containsExactlyInAnyOrderElementsOf(lines);
            }
            assertThat(lines).isNotEmpty();
            assertThat(embedded.speech().covered()).isEqualTo(verilator.speech().covered());
        }
    }

    private static int[] numbers(List<Port> ports, Direction direction) {
        return java.util.stream.IntStream.range(0, ports.size())
                .filter(i ->
                        ports.get(i).direction() == direction && !(ports.get(i).type() instanceof Type.Clock))
                .toArray();
    }

    private static int words(List<Port> ports, int[] numbers) {
        int words = 0;
        for (int number : numbers) {
            words += (ports.get(number).type().width() + 63) / 64;
        }
        return words;
    }

    private static LongBuffer buffer(int words) {
        return ByteBuffer.allocateDirect(8 * words)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
    }
}
