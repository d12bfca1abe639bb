// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.serial;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.BitSync;

/**
 * Bytes from a serial line: a start bit, 8 data bits with the lowest first, no parity, one stop bit. The line may belong to any
 * clock. Each bit is looked at once, in its middle.
 */
public final class UartReceiver extends Module {

    /** @param clocksPerBit cycles of a bit: clock frequency by baud rate, at least 4 */
    public record Params(int clocksPerBit) {
        public Params {
            if (clocksPerBit < 4) {
                throw new IllegalArgumentException(clocksPerBit + " clocks a bit: at least 4 to find its middle");
            }
        }
    }

    private enum State {
        IDLE,
        /** From the falling edge to the middle of the start bit. */
        START,
        DATA,
        STOP,
        /** After a framing error, until the line is high again. */
        BREAK
    }

    private static final int DATA_BITS = 8;

    /** The line, 1 while idle. */
    public final Bool rx = in(bool());

    /** A byte has come, for one cycle, in the middle of its stop bit. It must be taken in this cycle. */
    public final Bool valid = out(bool());

    public final UInt data = out(uint(DATA_BITS));

    /** There was no stop bit, for one cycle; the byte is lost. */
    public final Bool framingError = out(bool());

    public UartReceiver(Params p) {
        super(p);
        doc("Serial receiver, 8N1, " + p.clocksPerBit + " clocks a bit.");
        // Low while idle, as the synchroniser is after a reset.
        var sync = new BitSync();
        sync.in.set(rx.not());
        var line = sync.out.not();

        var state = reg(enumOf(State.class)).init(State.IDLE);
        var timer = reg(uint(32 - Integer.numberOfLeadingZeros(p.clocksPerBit - 1)));
        var left = reg(uint(3));
        var shift = reg(uint(DATA_BITS));
        var samples = timer.eq(0);
        var stops = state.eq(State.STOP).and(samples);
        valid.set(stops.and(line));
        framingError.set(stops.and(line.not()));
        data.set(shift);

        when(samples.not(), () -> timer.set(timer.wrapSub(1)));
        switchOn(state)
                .is(
                        State.IDLE,
                        () -> when(line.not(), () -> {
                            timer.set(p.clocksPerBit / 2 - 1);
                            state.set(State.START);
                        }))
                .is(
                        State.START,
                        () -> when(samples, () -> {
                            timer.set(p.clocksPerBit - 1);
                            left.set(DATA_BITS - 1);
                            // A start bit that is gone by its middle was a glitch.
                            when(line, () -> state.set(State.IDLE)).otherwise(() -> state.set(State.DATA));
                        }))
                .is(
                        State.DATA,
                        () -> when(samples, () -> {
                            timer.set(p.clocksPerBit - 1);
                            shift.set(cat(line, shift.bits(DATA_BITS - 1, 1)).asUInt());
                            left.set(left.wrapSub(1));
                            when(left.eq(0), () -> state.set(State.STOP));
                        }))
                .is(
                        State.STOP,
                        () -> when(samples, () -> {
                            when(line, () -> state.set(State.IDLE)).otherwise(() -> state.set(State.BREAK));
                        }))
                .is(State.BREAK, () -> when(line, () -> state.set(State.IDLE)));
    }
}
