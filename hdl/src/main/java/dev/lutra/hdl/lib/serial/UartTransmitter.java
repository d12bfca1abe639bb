// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.serial;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/**
 * Bytes to a serial line: a start bit, 8 data bits with the lowest first, no parity, one stop bit. A byte takes ten bits and one
 * cycle.
 */
public final class UartTransmitter extends Module {

    /** @param clocksPerBit cycles of a bit: clock frequency by baud rate, at least 2 */
    public record Params(int clocksPerBit) {
        public Params {
            if (clocksPerBit < 2) {
                throw new IllegalArgumentException(clocksPerBit + " clocks a bit: at least 2 to send");
            }
        }
    }

    private static final int DATA_BITS = 8;

    /** Start, data and stop bits. */
    private static final int FRAME_BITS = DATA_BITS + 2;

    /** Taken while the line is idle. */
    public final Decoupled<UInt> put = in(decoupled(uint(DATA_BITS)));

    /** The line, 1 while idle; from a register. */
    public final Bool tx = out(bool());

    public UartTransmitter(Params p) {
        super(p);
        doc("Serial transmitter, 8N1, " + p.clocksPerBit + " clocks a bit.");
        var frame = reg(bits(FRAME_BITS)).init((1 << FRAME_BITS) - 1);
        var left = reg(uint(32 - Integer.numberOfLeadingZeros(FRAME_BITS))).init(0);
        var timer = reg(uint(32 - Integer.numberOfLeadingZeros(p.clocksPerBit - 1)));
        put.ready.set(left.eq(0));
        tx.set(frame.bit(0));
        when(put.fire(), () -> {
                    frame.set(cat(lit(true), put.bits, lit(false)));
                    left.set(FRAME_BITS);
                    timer.set(p.clocksPerBit - 1);
                })
                .elseWhen(timer.ne(0), () -> timer.set(timer.wrapSub(1)))
                .elseWhen(left.ne(0), () -> {
                    frame.set(cat(lit(true), frame.bits(FRAME_BITS - 1, 1)));
                    left.set(left.wrapSub(1));
                    timer.set(p.clocksPerBit - 1);
                });
    }
}
