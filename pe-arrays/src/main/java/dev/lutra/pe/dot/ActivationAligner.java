// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.fp.Shifts;
import java.util.ArrayList;

/** A binary16 activation as an integer under the exponent of its block ({@link SharedExponent}, step 3), {@link #STAGES} cycles later. */
public final class ActivationAligner extends Pipelined {
    /** Cycles from an activation to its integer. */
    public static final int STAGES = 2;

    /** @param bits of the integer */
    public record Params(int bits) {}

    /** Binary16 number. */
    public final Bits activation = in(bits(16));

    /** Of its block. */
    public final UInt exponent = in(uint(5));

    /** Two's complement. */
    public final Bits aligned;

    /** An aligner. */
    public ActivationAligner(Params p) {
        super(p);
        doc("A binary16 number as an integer of %d bits under a shared exponent, to nearest even, %d cycles later."
                .formatted(p.bits(), STAGES));
        aligned = out(bits(p.bits()));
        var field = activation.bits(14, 10);
        var normal = field.orR();
        var own = cat(field.bits(4, 1), field.bit(0).or(normal.not())).asUInt();
        var distance = exponent.wrapSub(own);
        // Two bits below: the half, and whatever is less.
        var significand =
                cat(normal, activation.bits(9, 0), Hdl.lit(0, p.bits() - 10)).asUInt();
        var shifted = registered(Shifts.rightSticky(significand, distance));
        var sign = registered(activation.bit(15));
        var whole = shifted.bits(p.bits(), 2).extend(p.bits());
        var up = shifted.bit(1).and(shifted.bit(0).or(shifted.bit(2)));
        // -(n + 1) is the complement of n.
        var value = Adders.wrapAdd(Adders.complement(whole.asSInt(), sign), Hdl.slit(0, p.bits()), sign.xor(up));
        aligned.set(registered(value.asBits()));
    }

    /** Aligners for many activations of a block, within another module. */
    public static Bits all(Bits halves, UInt exponent, int bits) {
        var parts = new ArrayList<Data>();
        for (int k = halves.width() / 16 - 1; k >= 0; k--) {
            var aligner = new ActivationAligner(new ActivationAligner.Params(bits));
            aligner.activation.set(halves.bits(16 * k + 15, 16 * k));
            aligner.exponent.set(exponent);
            parts.add(aligner.aligned);
        }
        return Hdl.cat(parts);
    }
}
