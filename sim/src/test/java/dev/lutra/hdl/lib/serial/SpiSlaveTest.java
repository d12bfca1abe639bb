// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.serial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A slave against a master made here, edge by edge, from the description of mode 0. */
@Engines
class SpiSlaveTest {
    private final EngineKind engine;

    SpiSlaveTest(EngineKind engine) {
        this.engine = engine;
    }

    /** A slave and its master. */
    private static final class Bus implements AutoCloseable {
        private final SpiSlave top;
        private final Simulator sim;
        private final Random random;
        private final int slowest;
        final List<Integer> heard = new ArrayList<>();

        /** What the slave has to say, by bytes that were clocked; -1 for nothing. */
        final List<Integer> taken = new ArrayList<>();

        Bus(EngineKind engine, int seed, int slowest) {
            var design = Circuit.of(SpiSlave::new);
            top = design.top();
            sim = engine.open(design);
            random = new Random(seed);
            this.slowest = slowest;
            sim.poke(top.selectN, true);
            sim.reset(2);
            steps(3);
        }

        /** Cycles one by one: bytes that come, and those that the slave is given whenever it takes one. */
        private void steps(int cycles) {
            for (int i = 0; i < cycles; i++) {
                int offered = random.nextInt(3) == 0 ? -1 : random.nextInt(256);
                sim.poke(top.put.valid, offered >= 0);
                sim.poke(top.put.bits, offered >= 0 ? offered : random.nextInt(256));
                if (sim.peekBool(top.put.ready)) {
                    taken.add(offered);
                }
                if (sim.peekBool(top.valid)) {
                    heard.add((int) sim.peek(top.data));
                }
                sim.step(1);
            }
        }

        private void phase() {
            steps(2 + random.nextInt(slowest - 1));
        }

        void select(boolean selected) {
            sim.poke(top.selectN, !selected);
            phase();
        }

        /** Clocks so many bits of a byte and returns those that came. The master looks where it lets the clock rise, not a cycle later. */
        int transfer(int value, int bits) {
            int in = 0;
            for (int bit = 7; bit > 7 - bits; bit--) {
                sim.poke(top.mosi, (value >> bit & 1) != 0);
                phase();
                in = in << 1 | (int) sim.peek(top.miso);
                sim.poke(top.sck, true);
                phase();
                sim.poke(top.sck, false);
            }
            return in;
        }

        @Override
        public void close() {
            sim.close();
        }
    }

    /** From four cycles a clock of the bus on, evenly and unevenly. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 9})
    void bytesPassInBothDirections(int slowest) {
        Random random = new Random(slowest);
        try (var bus = new Bus(engine, slowest, slowest)) {
            for (int transfer = 0; transfer < 20; transfer++) {
                bus.heard.clear();
                bus.taken.clear();
                bus.select(true);
                List<Integer> sent = new ArrayList<>();
                List<Integer> received = new ArrayList<>();
                for (int i = random.nextInt(12); i >= 0; i--) {
                    sent.add(random.nextInt(256));
                    received.add(bus.transfer(sent.get(sent.size() - 1), 8));
                }
                int rest = random.nextInt(8); // chip select rises within a byte
                bus.transfer(random.nextInt(256), rest);
                bus.steps(2);
                bus.select(false);
                bus.steps(2);
                assertThat(bus.heard).as("transfer %d", transfer).isEqualTo(sent);
                List<Integer> expected = new ArrayList<>(List.of(0));
                bus.taken.forEach(value -> expected.add(Math.max(0, value)));
                assertThat(received).as("transfer %d", transfer).isEqualTo(expected.subList(0, received.size()));
            }
        }
    }
}
