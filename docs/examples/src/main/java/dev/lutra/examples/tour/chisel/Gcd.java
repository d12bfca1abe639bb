// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** The greatest common divisor, by subtraction. */
public final class Gcd extends Module {
    public static final class Pair extends Bundle {
        public final UInt a = field(uint(16));
        public final UInt b = field(uint(16));
    }

    public final Decoupled<Pair> operands = in(decoupled(new Pair()));
    public final Decoupled<UInt> result = out(decoupled(uint(16)));

    public Gcd() {
        var x = reg(uint(16));
        var y = reg(uint(16));
        var busy = reg(bool()).init(false);

        operands.ready.set(busy.not());
        result.valid.set(busy.and(y.eq(0)));
        result.bits.set(x);

        when(x.gt(y), () -> x.set(x.wrapSub(y))).otherwise(() -> y.set(y.wrapSub(x)));
        when(operands.fire(), () -> {
            x.set(operands.bits.a);
            y.set(operands.bits.b);
            busy.set(true);
        });
        when(result.fire(), () -> busy.set(false));
    }
}
