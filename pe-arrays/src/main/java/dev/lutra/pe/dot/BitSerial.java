// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import java.util.ArrayList;

/** An array that takes one plane of the weights in a slot, most significant first, and doubles its sums from plane to plane. */
public abstract class BitSerial extends OutputStationary {

    /** Slot: sums are doubled, it is the first of a further plane. */
    public final Bool twice = in(bool());

    /** Slot: what sums start from with {@link #first}; bit 0 is added with {@link #twice}. */
    public final SInt initial;

    BitSerial(Record params, int n, int lanes, int activationBits, int codeBits, int sumBits) {
        super(params, n, lanes, activationBits, codeBits, sumBits);
        initial = in(sint(sumBits));
    }

    /**
     * What bit i of a sum is replaced by before the addition: 00 zero, 01 one, 10 itself, 11 the bit below. So a start value, doubling and
     * keeping are two inputs of the adder's LUT, which all columns share.
     */
    record Starts(Bits keep, Bits low) {}

    /** The starts some cycles after their slots, at least one. */
    final Starts starts(int cycles) {
        var restart = delayed(first, cycles - 1);
        var doubled = delayed(twice, cycles - 1);
        var start = initial;
        for (int i = 1; i < cycles; i++) start = registered(start);
        var keep = new ArrayList<Data>();
        var low = new ArrayList<Data>();
        for (int i = start.width() - 1; i >= 0; i--) {
            keep.add(i == 0 ? restart.or(doubled).not() : restart.not());
            low.add(i == 0 ? start.bit(0) : mux(restart, start.bit(i), doubled));
        }
        return new Starts(registered(cat(keep)), registered(cat(low)));
    }

    /** A sum as its {@link Starts} have it. */
    static SInt base(SInt sum, Bits keep, Bits low) {
        var bits = new ArrayList<Data>();
        for (int i = sum.width() - 1; i >= 0; i--) {
            var kept = i == 0 ? sum.bit(0) : Hdl.mux(low.bit(i), sum.bit(i - 1), sum.bit(i));
            bits.add(Hdl.mux(keep.bit(i), kept, low.bit(i)));
        }
        return Hdl.cat(bits).asSInt();
    }
}
