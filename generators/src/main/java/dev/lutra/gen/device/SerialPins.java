// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static java.util.Objects.requireNonNull;

import dev.lutra.gen.accel.LocalAccelerator;
import dev.lutra.hdl.Bool;
import dev.lutra.machine.Machine;
import dev.lutra.sim.Simulator;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** Bytes to and from the serial pins of a simulated accelerator: the adapter between a board and a host, bit by bit. */
final class SerialPins {

    /** Looks at a pin within a bit. */
    private static final int LOOKS = 4;

    private static final int FRAME_BITS = 10;

    private final Simulator simulator;
    private final BoardBench top;
    private final Machine machine;
    private final int cyclesPerLook;
    private final IntConsumer received;

    private final ArrayDeque<Integer> toSend = new ArrayDeque<>();
    private int frame;
    private int looksOfFrame;

    private int incoming;
    private int looksOfIncoming;
    private boolean listening;

    /**
     * @param p of the accelerator, its clocks a bit a multiple of 4
     * @param received takes the bytes that the accelerator sends
     */
    SerialPins(Simulator simulator, BoardBench top, LocalAccelerator.Params p, IntConsumer received) {
        int clocksPerBit = p.clocksPerBit();
        if (clocksPerBit % LOOKS != 0) {
            throw new IllegalArgumentException(clocksPerBit + " clocks a bit are no multiple of " + LOOKS);
        }
        this.simulator = simulator;
        this.top = top;
        machine = p.machine();
        cyclesPerLook = clocksPerBit / LOOKS;
        this.received = received;
    }

    /** Ends what is under way and resets the accelerator, the line high. */
    void reset() {
        toSend.clear();
        looksOfFrame = 0;
        listening = false;
        simulator.poke(top.rx, true);
        simulator.reset(4);
    }

    /** Writes into the flash, from the first byte of its window on, as a programmer of boards would; the rest is erased. */
    void program(byte[] image) {
        Bool load = requireNonNull(top.load, "a machine without a flash");
        ByteBuffer words = ByteBuffer.allocate((int) machine.bus().flashBase());
        if (image.length > words.capacity()) {
            throw new IllegalArgumentException(image.length + " bytes for a flash of " + words.capacity());
        }
        Arrays.fill(words.array(), (byte) 0xFF);
        words.put(image).clear();
        simulator.poke(load, true);
        while (words.hasRemaining()) {
            simulator.poke(requireNonNull(top.loadWord), words.position() / 4);
            simulator.poke(requireNonNull(top.loadData), words.getInt() & 0xFFFF_FFFFL);
            simulator.step(1);
        }
        simulator.poke(load, false);
    }

    /** A byte to the accelerator, after those before it. */
    void send(int value) {
        toSend.add(value & 0xFF);
    }

    /** Whether a byte is on its way to the accelerator or from it. */
    boolean isBusy() {
        return looksOfFrame > 0 || listening || !toSend.isEmpty();
    }

    /** Cycles that {@link #run} runs. */
    int cyclesPerRun() {
        return cyclesPerLook;
    }

    /** Runs a quarter of a bit. */
    void run() {
        if (looksOfFrame == 0 && !toSend.isEmpty()) {
            frame = 1 << FRAME_BITS - 1 | toSend.remove() << 1;
            looksOfFrame = FRAME_BITS * LOOKS;
        }
        if (looksOfFrame > 0) {
            if (looksOfFrame % LOOKS == 0) {
                simulator.poke(top.rx, (frame & 1) != 0);
                frame >>= 1;
            }
            looksOfFrame--;
        }
        simulator.step(cyclesPerLook);
        boolean high = simulator.peekBool(top.tx);
        if (!listening) {
            if (!high) {
                listening = true;
                looksOfIncoming = 0;
                incoming = 0;
            }
            return;
        }
        looksOfIncoming++;
        // The start bit was seen within its first quarter: bit n is in its middle here.
        if (looksOfIncoming % LOOKS == LOOKS / 2) {
            int bit = looksOfIncoming / LOOKS;
            if (bit >= 1 && bit <= 8) {
                incoming |= (high ? 1 : 0) << bit - 1;
            } else if (bit == FRAME_BITS - 1) {
                listening = false;
                received.accept(incoming);
            }
        }
    }
}
