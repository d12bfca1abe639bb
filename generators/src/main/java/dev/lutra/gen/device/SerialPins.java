// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static java.util.Objects.requireNonNull;

import dev.lutra.gen.accel.HostLine;
import dev.lutra.hdl.Bool;
import dev.lutra.sim.Simulator;
import java.util.ArrayDeque;
import java.util.function.IntConsumer;

/** Bytes to and from the serial pins of a simulated accelerator: the adapter between a board and a host, bit by bit. */
final class SerialPins {

    /** Looks at a pin within a bit. */
    private static final int LOOKS = 4;

    private static final int FRAME_BITS = 10;

    private final Simulator simulator;
    private final Bool rx;
    private final Bool tx;
    private final int cyclesPerLook;
    private final IntConsumer received;

    private final ArrayDeque<Integer> toSend = new ArrayDeque<>();
    private int frame;
    private int looksOfFrame;

    private int incoming;
    private int looksOfIncoming;
    private boolean listening;

    /**
     * @param line of the accelerator, its clocks a bit a multiple of 4
     * @param received takes the bytes that the accelerator sends
     */
    SerialPins(Simulator simulator, BoardBench top, HostLine.Uart line, IntConsumer received) {
        int clocksPerBit = line.clocksPerBit();
        if (clocksPerBit % LOOKS != 0) {
            throw new IllegalArgumentException(clocksPerBit + " clocks a bit are no multiple of " + LOOKS);
        }
        this.simulator = simulator;
        rx = requireNonNull(top.rx);
        tx = requireNonNull(top.tx);
        cyclesPerLook = clocksPerBit / LOOKS;
        this.received = received;
    }

    /** Ends what is under way and resets the accelerator, the line high. */
    void reset() {
        toSend.clear();
        looksOfFrame = 0;
        listening = false;
        simulator.poke(rx, true);
        simulator.reset(4);
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
                simulator.poke(rx, (frame & 1) != 0);
                frame >>= 1;
            }
            looksOfFrame--;
        }
        simulator.step(cyclesPerLook);
        boolean high = simulator.peekBool(tx);
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
