// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;

/**
 * A DSP48E1 or DSP48E2 of a chain. The pre-adder joins the two x operands, the Z multiplexer selects the cascade or, where a sum
 * begins, 0.
 */
final class Dsp48Cell extends MacCell {

    /** The cell and whether it is a DSP48E2. */
    record Shape(Params cell, boolean second) {}

    Dsp48Cell(Shape s) {
        super(s, s.cell());
        var p = s.cell().packing();
        doc("Packs %d products into one %s.".formatted(p.products(), s.second() ? "DSP48E2" : "DSP48E1"));
        int multiplier = s.second() ? 27 : 25;
        int high = p.ys() * p.fieldBits();
        var b = p.ys() == 1
                ? y.get(0).extend(18)
                : y.get(1).shl(p.fieldBits()).add(y.get(0)).extend(18);
        var dsp = new Dsp48(new Dsp48.Params(s.second(), s.cell().starts()));
        dsp.D.set(x.get(1).extend(multiplier - high).shl(high).asBits());
        dsp.A.set(x.get(0).extend(30).asBits());
        dsp.B.set(b.asBits());
        var cascade = s.cell().starts() ? start.not() : Hdl.lit(true);
        dsp.OPMODE.set(opmode(cascade, s.second() ? 9 : 7));
        dsp.INMODE.set(Hdl.lit(Dsp48.D_PLUS_A, 5).asBits());
        dsp.high.forEach(input -> input.set(true));
        dsp.low.forEach(Dsp48Cell::zero);
        dsp.PCIN.set(cascadeIn);
        cascadeOut.set(dsp.PCOUT);
        sum.set(dsp.P);
    }

    private static void zero(Bits input) {
        input.set(Hdl.lit(0, input.width()).asBits());
    }

    /** X and Y the product, Z the cascade or 0, W (of the DSP48E2) 0. */
    private static Bits opmode(Bool cascade, int width) {
        return Hdl.cat(Hdl.lit(0, width - 5), cascade, Hdl.lit(0b0101, 4));
    }
}
