// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;

/** Sends a byte, the low bit first, after a start bit. */
public final class Serializer extends Module {
    enum State {
        IDLE,
        START,
        BITS
    }

    public final Bool start = in(bool());
    public final Bits data = in(bits(8));
    public final Bool busy = out(bool());
    public final Bool line = out(bool());

    public Serializer() {
        var state = reg(enumOf(State.class)).init(State.IDLE);
        var shift = reg(bits(8)).init(0);
        var left = reg(uint(3)).init(0);
        busy.set(state.ne(State.IDLE));
        line.set(true);
        switchOn(state)
                .is(
                        State.IDLE,
                        () -> when(start, () -> {
                            shift.set(data);
                            state.set(State.START);
                        }))
                .is(State.START, () -> {
                    line.set(false);
                    left.set(7);
                    state.set(State.BITS);
                })
                .is(State.BITS, () -> {
                    line.set(shift.bit(0));
                    shift.set(cat(lit(false), shift.bits(7, 1)));
                    left.set(left.wrapSub(1));
                    when(left.eq(0), () -> state.set(State.IDLE));
                });
    }
}
