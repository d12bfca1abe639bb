// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends of a serial line, against lines made and read here cycle by cycle. */
@Engines
class UartTest {
    private final EngineKind engine;

    UartTest(EngineKind engine) {
        this.engine = engine;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 16, 87})
    void theTransmitterHoldsEachBitForItsTime(int clocksPerBit) {
        var random = new Random(clocksPerBit);
        var design = Circuit.of(() -> new UartTransmitter(new UartTransmitter.Params(clocksPerBit)));
        var top = design.top();
        try (var sim = engine.open(design)) {
            sim.reset(1);
            for (int i = 0; i < 50; i++) {
                int pause = random.nextInt(3) * random.nextInt(20);
                for (int k = 0; k < pause; k++) {
                    assertThat(sim.peekBool(top.tx)).as("idle").isTrue();
                    sim.step(1);
                }
                int sent = random.nextInt(256);
                sim.poke(top.put.bits, sent);
                sim.poke(top.put.valid, 1);
                assertThat(sim.peekBool(top.put.ready)).isTrue();
                sim.step(1);
                sim.poke(top.put.valid, 0);
                sim.poke(top.put.bits, random.nextInt(256));
                int frame = 1 << 9 | sent << 1;
                for (int cycle = 0; cycle < 10 * clocksPerBit; cycle++) {
                    assertThat(sim.peek(top.tx))
                            .as("byte %d, cycle %d", i, cycle)
                            .isEqualTo(frame >> cycle / clocksPerBit & 1);
                    assertThat(sim.peekBool(top.put.ready)).isFalse();
                    sim.step(1);
                }
            }
        }
    }

    /** A receiver, the line before it, and what it said. */
    private final class Receiver implements AutoCloseable {
        private final UartReceiver top;
        private final Simulator sim;
        private final double clocksPerBit;
        private double time;
        final List<Integer> received = new ArrayList<>();
        int errors;

        /** @param lineClocksPerBit of the other end, measured in cycles here */
        Receiver(int clocksPerBit, double lineClocksPerBit) {
            var design = Circuit.of(() -> new UartReceiver(new UartReceiver.Params(clocksPerBit)));
            top = design.top();
            sim = engine.open(design);
            this.clocksPerBit = lineClocksPerBit;
            sim.poke(top.rx, 1);
            sim.reset(1);
            time = sim.cycle();
        }

        /** The line has a level for some bits. */
        void line(int level, double bits) {
            time += bits * clocksPerBit;
            while (sim.cycle() < time) {
                sim.poke(top.rx, level);
                if (sim.peekBool(top.valid)) {
                    received.add((int) sim.peek(top.data));
                }
                errors += sim.peekBool(top.framingError) ? 1 : 0;
                sim.step(1);
            }
        }

        void send(int value, int stop) {
            int frame = stop << 9 | value << 1;
            for (int i = 0; i < 10; i++) {
                line(frame >> i & 1, 1);
            }
        }

        @Override
        public void close() {
            sim.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 0", "5, 0", "16, 0", "16, 0.03", "16, -0.03", "868, 0.04", "868, -0.04"})
    void theReceiverTakesBytesFromALineThatIsALittleFastOrSlow(int clocksPerBit, double off) {
        var random = new Random(7);
        try (var receiver = new Receiver(clocksPerBit, clocksPerBit * (1 + off))) {
            List<Integer> sent = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                sent.add(random.nextInt(256));
                receiver.send(sent.get(i), 1);
                receiver.line(1, random.nextBoolean() ? 0 : 3 * random.nextDouble());
            }
            receiver.line(1, 2);
            assertThat(receiver.received).isEqualTo(sent);
            assertThat(receiver.errors).isZero();
        }
    }

    @Test
    void aStartBitThatIsTooShortIsNone() {
        try (var receiver = new Receiver(16, 16)) {
            receiver.line(1, 1);
            receiver.line(0, 0.4);
            receiver.line(1, 12);
            assertThat(receiver.received).isEmpty();
            assertThat(receiver.errors).isZero();
            receiver.line(0, 0.4);
            receiver.line(1, 0.6);
            receiver.send(0x5a, 1);
            receiver.line(1, 2);
            assertThat(receiver.received).containsExactly(0x5a);
        }
    }

    @Test
    void aMissingStopBitIsAnErrorOnceAndTheByteIsLost() {
        try (var receiver = new Receiver(16, 16)) {
            receiver.send(0x81, 0);
            receiver.line(1, 1);
            receiver.send(0x42, 1);
            receiver.line(1, 2);
            assertThat(receiver.errors).isEqualTo(1);
            assertThat(receiver.received).containsExactly(0x42);
            receiver.line(0, 100); // a break
            receiver.line(1, 1);
            receiver.send(0x24, 1);
            receiver.line(1, 2);
            assertThat(receiver.errors).isEqualTo(2);
            assertThat(receiver.received).containsExactly(0x42, 0x24);
        }
    }

    @Test
    void aClockThatIsTooSlowIsRefused() {
        assertThatThrownBy(() -> new UartReceiver.Params(3)).hasMessageContaining("3 clocks a bit: at least 4");
        assertThatThrownBy(() -> new UartTransmitter.Params(1)).hasMessageContaining("1 clocks a bit: at least 2");
    }
}
