// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** Bytes to a serial line: 8 data bits, no parity, one stop bit. */
final class UartTransmitter extends Module {

    /** @param clocksPerBit cycles of a bit */
    record Params(int clocksPerBit) {}

    /** Start, data and stop bits. */
    private static final int FRAME_BITS = 10;

    final Bool valid = in(bool());
    final UInt data = in(uint(8));
    final Bool ready = out(bool());
    final Bool tx = out(bool());

    UartTransmitter(Params p) {
        super(p);
        doc("Serial transmitter, 8N1, " + p.clocksPerBit + " clocks a bit.");
        Bits frame = reg(bits(FRAME_BITS)).init((1 << FRAME_BITS) - 1);
        UInt left = reg(uint(Log2.bitsFor(FRAME_BITS))).init(0);
        UInt timer = reg(uint(Log2.bitsFor(p.clocksPerBit)));
        Bool idle = left.eq(0);
        ready.set(idle);
        tx.set(frame.bit(0));
        when(
                        idle,
                        () -> when(valid, () -> {
                            frame.set(cat(lit(1, 1), data, lit(0, 1)));
                            left.set(FRAME_BITS);
                            timer.set(p.clocksPerBit - 1);
                        }))
                .elseWhen(timer.ne(0), () -> timer.set(timer.wrapSub(1)))
                .otherwise(() -> {
                    frame.set(cat(lit(1, 1), frame.bits(FRAME_BITS - 1, 1)));
                    left.set(left.wrapSub(1));
                    timer.set(p.clocksPerBit - 1);
                });
    }
}
