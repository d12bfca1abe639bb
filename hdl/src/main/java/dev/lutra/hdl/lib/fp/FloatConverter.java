// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Hdl;

/** The nearest number of another format. */
public final class FloatConverter extends FloatUnit {

    /** Most pipeline stages. */
    public static final int MAX_STAGES = ROUNDING_PLACES;

    /**
     * @param from format of the operand
     * @param to format of the result
     * @param stages cycles from operand to result, 0..{@link #MAX_STAGES}
     */
    public record Params(FloatFormat from, FloatFormat to, int stages) {}

    public final Bits a;
    public final Bits result;

    public FloatConverter(Params p) {
        super(p, MAX_STAGES, p.stages());
        var from = p.from();
        var to = p.to();
        doc("Floating-point numbers of %d exponent and %d fraction bits to %d and %d, %d cycles later."
                .formatted(from.exponentBits(), from.fractionBits(), to.exponentBits(), to.fractionBits(), p.stages()));
        a = in(bits(from.width()));
        result = out(bits(to.width()));
        var x = FloatParts.of(from, a);
        int offset = to.bias() - from.bias();
        var top = x.exponent().toSInt().add(Hdl.slit(offset));
        result.set(round(to, x.sign(), top, x.significand(), x.infinite(), x.nan(), 1 + offset < 1));
    }
}
