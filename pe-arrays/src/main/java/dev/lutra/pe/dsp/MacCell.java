// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;
import dev.lutra.pe.dot.Pipelined;

/**
 * A block of a chain: adds the products of its operands to what the block before it had one cycle earlier. {@link DspForm#latency}
 * cycles after its operands come {@link #sum} and the same as {@link #cascadeOut}.
 */
abstract class MacCell extends Pipelined {

    /**
     * Shape.
     *
     * @param starts whether sums may begin here; if not, {@link #start} is not looked at
     */
    record Params(Packing packing, boolean starts) {}

    final Vec<SInt> x;
    final Vec<SInt> y;

    /** The sum begins here, {@link #START} cycles after the operands. */
    final Bool start = in(bool());

    /** From operands to their {@link #start}. */
    static final int START = 2;

    final Bits cascadeIn;
    final Bits cascadeOut;

    /** The sum for the logic around. */
    final Bits sum;

    MacCell(Record shape, Params p) {
        super(shape);
        var packing = p.packing();
        x = in(vec(packing.xs(), i -> sint(packing.operandBits())));
        y = in(vec(packing.ys(), i -> sint(packing.operandBits())));
        cascadeIn = in(bits(packing.sumBits()));
        cascadeOut = out(bits(packing.sumBits()));
        sum = out(bits(packing.sumBits()));
    }

    /** The cell of a form. */
    static MacCell of(DspForm form, Params p) {
        return switch (form) {
            case PORTABLE -> new PortableCell(p);
            case DSP48E1, DSP48E2 -> new Dsp48Cell(new Dsp48Cell.Shape(p, form == DspForm.DSP48E2));
            case SB_MAC16 -> new Mac16Cell(p);
        };
    }
}
