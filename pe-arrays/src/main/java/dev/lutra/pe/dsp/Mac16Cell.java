// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.hdl.Hdl;

/** An SB_MAC16 of a chain, as two 8 x 8 multipliers with adders of 16 bits. Where a sum begins, gates before it make the sums that come in 0. */
final class Mac16Cell extends MacCell {

    Mac16Cell(Params p) {
        super(p, p);
        doc("Two products in one SB_MAC16.");
        var dsp = new SbMac16();
        dsp.CE.set(true);
        dsp.low.forEach(input -> input.set(false));
        dsp.A.set(cat(x.get(1).extend(8), x.get(0).extend(8)));
        dsp.B.set(cat(y.get(0).extend(8), y.get(0).extend(8)));
        var before = p.starts() ? mux(start, Hdl.lit(0, 32).asBits(), cascadeIn) : cascadeIn;
        dsp.C.set(before.bits(31, 16));
        dsp.D.set(before.bits(15, 0));
        cascadeOut.set(dsp.O);
        sum.set(dsp.O);
    }
}
