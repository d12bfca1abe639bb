// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static java.util.Objects.requireNonNull;

import dev.lutra.gen.accel.HostLine;
import dev.lutra.hdl.Bool;
import dev.lutra.sim.Simulator;

/** The master of the SPI bus of a simulated accelerator, edge by edge: mode 0, highest bit first. */
final class SpiPins {

    private static final int BITS = 8;

    private final Simulator simulator;
    private final Bool sck;
    private final Bool selectN;
    private final Bool mosi;
    private final Bool miso;
    private long cycles;

    SpiPins(Simulator simulator, BoardBench top) {
        this.simulator = simulator;
        sck = requireNonNull(top.sck);
        selectN = requireNonNull(top.selectN);
        mosi = requireNonNull(top.mosi);
        miso = requireNonNull(top.miso);
    }

    /** Resets the accelerator, the bus at rest. */
    void reset() {
        simulator.poke(selectN, true);
        simulator.poke(sck, false);
        simulator.reset(4);
    }

    /** Lowers chip select, or raises it, and waits for as long as a slave needs to see it. */
    void select(boolean selected) {
        simulator.poke(selectN, !selected);
        run(HostLine.Spi.CLOCKS_PER_BIT);
    }

    /** Lets the accelerator go on for so many cycles. */
    void run(int steps) {
        simulator.step(steps);
        cycles += steps;
    }

    /** A byte in both directions. */
    int exchange(int value, int clocksPerBit) {
        return clock(value, BITS, clocksPerBit);
    }

    /**
     * The first bits of a byte in both directions. The master takes a bit where it lets the clock rise, as the accelerator could have known it then.
     *
     * @param clocksPerBit cycles of the accelerator to a clock of the bus, at least 2
     */
    int clock(int value, int bits, int clocksPerBit) {
        int in = 0;
        for (int bit = BITS - 1; bit >= BITS - bits; bit--) {
            simulator.poke(mosi, (value >> bit & 1) != 0);
            run(clocksPerBit - clocksPerBit / 2);
            in = in << 1 | (simulator.peekBool(miso) ? 1 : 0);
            simulator.poke(sck, true);
            run(clocksPerBit / 2);
            simulator.poke(sck, false);
        }
        return in;
    }

    /** Cycles simulated so far. */
    long cycles() {
        return cycles;
    }
}
