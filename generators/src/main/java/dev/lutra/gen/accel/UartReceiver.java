// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** Bytes from a serial line: 8 data bits, no parity, one stop bit; sampled in the middle of each bit. */
final class UartReceiver extends Module {

    /** @param clocksPerBit cycles of a bit, at least 4 */
    record Params(int clocksPerBit) {}

    private static final int DATA_BITS = 8;

    final Bool rx = in(bool());
    final Bool valid = out(bool());
    final UInt data = out(uint(DATA_BITS));

    UartReceiver(Params p) {
        super(p);
        doc("Serial receiver, 8N1, " + p.clocksPerBit + " clocks a bit.");
        // The line is asynchronous: two flip-flops before anything looks at it. Idle is high.
        Bool first = reg(bool()).init(true);
        Bool line = reg(bool()).init(true);
        first.set(rx);
        line.set(first);

        UInt timer = reg(uint(Log2.bitsFor(p.clocksPerBit)));
        UInt left = reg(uint(Log2.bitsFor(DATA_BITS + 1))).init(0); // start and data bits to come
        Bool stopping = reg(bool()).init(false);
        UInt shift = reg(uint(DATA_BITS));
        Bool idle = left.eq(0).and(stopping.not());
        Bool samples = timer.eq(0);
        Bool received = stopping.and(samples).and(line);
        valid.set(received);
        data.set(shift);

        when(
                        idle,
                        () -> when(line.not(), () -> {
                            left.set(DATA_BITS + 1);
                            timer.set(p.clocksPerBit / 2 - 1);
                        }))
                .elseWhen(samples.not(), () -> timer.set(timer.wrapSub(1)))
                .elseWhen(stopping, () -> stopping.set(false))
                .otherwise(() -> {
                    timer.set(p.clocksPerBit - 1);
                    left.set(left.wrapSub(1));
                    shift.set(cat(line, shift.bits(DATA_BITS - 1, 1)).asUInt());
                    when(left.eq(1), () -> stopping.set(true));
                    // A start bit that is gone by its middle was a glitch.
                    when(left.eq(DATA_BITS + 1).and(line), () -> left.set(0));
                });
    }
}
