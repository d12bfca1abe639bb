// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;

/** Follows in which quarter the fields of a passing sum lie ({@link Packing}): a count per field, from the two top bits of each, a cycle later. */
final class OverflowAdjust extends Module {

    /** Fields to follow and bits of a count. */
    record Params(int fields, int countBits) {}

    /** The top bits of each field, field f's at bit 2 f. */
    final Bits top;

    /** The counts of the look before; 0 instead where a sum began. */
    final Vec<SInt> before;

    final Bool restart = in(bool());
    final Vec<SInt> counts;

    OverflowAdjust(Params p) {
        super(p);
        doc("Follows the overflow of %d packed fields.".formatted(p.fields()));
        top = in(bits(2 * p.fields()));
        before = in(vec(p.fields(), i -> sint(p.countBits())));
        counts = out(vec(p.fields(), i -> sint(p.countBits())));
        for (int f = 0; f < p.fields(); f++) {
            var from = mux(restart, slit(0, p.countBits()), before.get(f));
            var step = top.bits(2 * f + 1, 2 * f)
                    .asUInt()
                    .wrapSub(from.bits(1, 0).asUInt())
                    .asSInt();
            var count = reg(sint(p.countBits()));
            count.set(from.wrapAdd(step));
            counts.get(f).set(count);
        }
    }
}
