// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.logic;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/**
 * A linear feedback shift register in Galois form: all 2^width - 1 numbers but 0, in an order that looks random, one per enabled
 * cycle. Its polynomial is the primitive one with the smallest number, {@link PrimitivePolynomial}.
 */
public final class Lfsr extends Module {

    /**
     * @param width bits, 2 to 32
     * @param seed number after reset, not 0
     */
    public record Params(int width, long seed) {
        public Params {
            if (width < 2 || width > PrimitivePolynomial.MAX_DEGREE || seed < 1 || seed >>> width != 0) {
                throw new IllegalArgumentException(
                        "a shift register of %d bits with seed %d: 2 to %d bits, and a seed that is not 0"
                                .formatted(width, seed, PrimitivePolynomial.MAX_DEGREE));
            }
        }
    }

    public final Bool enable = in(bool());
    public final UInt value;

    public Lfsr(Params p) {
        super(p);
        long polynomial = PrimitivePolynomial.ofDegree(p.width);
        doc("Pseudo-random numbers of period 2^%d - 1; polynomial 0x%X.".formatted(p.width, polynomial));
        value = out(uint(p.width));
        UInt state = reg(uint(p.width)).init(p.seed);
        // times x, modulo the polynomial
        UInt shifted = state.shl(1).truncate(p.width);
        UInt low = lit(polynomial & (1L << p.width) - 1, p.width);
        when(enable, () -> state.set(mux(state.bit(p.width - 1), shifted.xor(low), shifted)));
        value.set(state);
    }
}
