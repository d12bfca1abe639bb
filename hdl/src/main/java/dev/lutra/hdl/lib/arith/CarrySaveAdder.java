// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.arith;

import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** Three numbers become two of the same sum, modulo 2^width, in the time of a full adder. Combinational. */
public final class CarrySaveAdder extends Module {

    /** @param width bits of each number */
    public record Params(int width) {}

    public final UInt a;
    public final UInt b;
    public final UInt c;
    public final CarrySave sum;

    public CarrySaveAdder(int width) {
        super(new Params(width));
        doc("a + b + c = sum + carry, modulo 2^" + width + ".");
        a = in(uint(width));
        b = in(uint(width));
        c = in(uint(width));
        sum = out(new CarrySave(width));
        UInt carries = a.and(b).or(a.and(c)).or(b.and(c));
        sum.sum.set(a.xor(b).xor(c));
        sum.carry.set(carries.shl(1).truncate(width));
    }
}
