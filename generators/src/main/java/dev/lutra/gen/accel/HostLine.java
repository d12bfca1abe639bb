// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

/** The pins between an accelerator with its memory on the chip and its host. */
public sealed interface HostLine {

    /**
     * An asynchronous serial line, 8N1.
     *
     * @param clocksPerBit cycles of a bit
     * @param quietBits 2^quietBits cycles of silence end a command that does not go on
     */
    record Uart(int clocksPerBit, int quietBits) implements HostLine {

        /** At 12 MHz, 5 milliseconds: more than hosts pause within a command. */
        private static final int QUIET_BITS = 16;

        /** Silence for boards. */
        public Uart(int clocksPerBit) {
            this(clocksPerBit, QUIET_BITS);
        }
    }

    /** An SPI bus, mode 0, of which the accelerator is a slave; its clock is at most a quarter of the accelerator's. */
    record Spi() implements HostLine {

        /** Fewest cycles to a clock of the bus. */
        public static final int CLOCKS_PER_BIT = 4;
    }
}
