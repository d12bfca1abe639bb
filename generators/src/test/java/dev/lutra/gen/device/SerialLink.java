// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.gen.accel.HostLine;
import dev.lutra.gen.accel.LocalAccelerator;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.machine.Machine;
import dev.lutra.runtime.device.Link;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/** An accelerator with its memory on the chip, reached as a board would be: bit by bit over its serial line. */
final class SerialLink implements Link {

    private static final int CLOCKS_PER_BIT = 4;
    private static final int REGISTERS = 1 << 28;
    private static final int WRITE = 1;
    private static final int READ = 2;
    private static final int MAX_WORDS = 255;
    private static final int PATIENCE = 10_000;

    private final Machine machine;
    private final LocalAccelerator top;
    private final Bool rx;
    private final Bool tx;
    private final Simulator simulator;

    SerialLink(Machine machine, EngineKind engine) {
        this.machine = machine;
        Elaboration<LocalAccelerator> design = Circuit.of(
                () -> new LocalAccelerator(new LocalAccelerator.Params(machine, new HostLine.Uart(CLOCKS_PER_BIT))));
        top = design.top();
        rx = requireNonNull(top.uart_rx);
        tx = requireNonNull(top.uart_tx);
        simulator = engine.open(design);
        simulator.poke(rx, true);
        simulator.reset(4);
        simulator.step(16);
    }

    @Override
    public String description() {
        return "serial line";
    }

    @Override
    public int readRegister(int offset) {
        command(READ, 1, REGISTERS + offset / 4);
        return receiveWord();
    }

    @Override
    public void writeRegister(int offset, int value) {
        command(WRITE, 1, REGISTERS + offset / 4);
        sendWord(value);
    }

    @Override
    public long memoryBytes() {
        return machine.bus().addressable();
    }

    @Override
    public void readMemory(long address, ByteBuffer destination) {
        assertThat(address % 4).isZero();
        while (destination.hasRemaining()) {
            int words = Math.min(MAX_WORDS, (destination.remaining() + 3) / 4);
            command(READ, words, (int) (address / 4));
            for (int i = 0; i < words; i++) {
                int word = receiveWord();
                for (int b = 0; b < 4 && destination.hasRemaining(); b++) {
                    destination.put((byte) (word >>> 8 * b));
                }
            }
            address += 4L * words;
        }
    }

    @Override
    public void writeMemory(long address, ByteBuffer source) {
        assertThat(address % 4).isZero();
        ByteBuffer padded =
                ByteBuffer.allocate((source.remaining() + 3) / 4 * 4).order(ByteOrder.LITTLE_ENDIAN);
        padded.put(source).clear();
        while (padded.hasRemaining()) {
            int words = Math.min(MAX_WORDS, padded.remaining() / 4);
            command(WRITE, words, (int) (address / 4));
            for (int i = 0; i < words; i++) {
                sendWord(padded.getInt());
            }
            address += 4L * words;
        }
    }

    @Override
    public boolean awaitInterrupt(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        do {
            if (simulator.runUntil(top.irq, 2_000) >= 0) {
                return true;
            }
        } while (System.nanoTime() - deadline < 0);
        return false;
    }

    @Override
    public void reset() {
        simulator.reset(4);
    }

    @Override
    public void close() {
        simulator.close();
    }

    private void command(int command, int words, int wordAddress) {
        sendByte(command);
        sendByte(words);
        sendWord(wordAddress);
    }

    private void sendWord(int word) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            sendByte(word >>> shift & 0xFF);
        }
    }

    private void sendByte(int value) {
        int frame = 1 << 9 | value << 1;
        for (int bit = 0; bit < 10; bit++) {
            simulator.poke(rx, (frame >>> bit & 1) != 0);
            simulator.step(CLOCKS_PER_BIT);
        }
    }

    private int receiveWord() {
        int word = 0;
        for (int i = 0; i < 4; i++) {
            word = word << 8 | receiveByte();
        }
        return word;
    }

    private int receiveByte() {
        for (int waited = 0; simulator.peekBool(tx); waited++) {
            assertThat(waited).as("cycles without an answer").isLessThan(PATIENCE);
            simulator.step(1);
        }
        simulator.step(CLOCKS_PER_BIT / 2);
        int value = 0;
        for (int bit = 0; bit < 8; bit++) {
            simulator.step(CLOCKS_PER_BIT);
            value |= (simulator.peekBool(tx) ? 1 : 0) << bit;
        }
        simulator.step(CLOCKS_PER_BIT);
        return value;
    }
}
