// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;

/** Tells of two ones in a row. */
public final class TwoOnes extends Module {
    enum State {
        NONE,
        ONE,
        TWO
    }

    public final Bool bit = in(bool());
    public final Bool found = out(bool());

    public TwoOnes() {
        var state = reg(enumOf(State.class)).init(State.NONE);
        found.set(state.eq(State.TWO));
        switchOn(state)
                .is(State.NONE, () -> when(bit, () -> state.set(State.ONE)))
                .is(State.ONE, () -> state.set(mux(bit, lit(State.TWO), lit(State.NONE))))
                .is(State.TWO, () -> when(bit.not(), () -> state.set(State.NONE)))
                .otherwise(() -> state.set(State.NONE));
    }
}
