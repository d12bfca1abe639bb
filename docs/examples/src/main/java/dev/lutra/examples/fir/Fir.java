// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.fir;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SFix;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A filter of finite impulse response in transposed form: a sample is multiplied by all coefficients at once, and the products are added
 * along a chain of registers, so that the longest path is one addition whatever the number of taps. Two register stages: the products,
 * and the sums. One sample a cycle; results are exact, of as many bits as the largest one needs.
 *
 * <p>Equal coefficients, of either sign, share a multiplier: a filter of linear phase has half as many multipliers as taps.
 */
public final class Fir extends Module {
    /**
     * @param integerBits of a sample, with the sign
     * @param fractionBits of a sample
     * @param coefficients the impulse response as integers, times 2^-coefficientFraction; not all 0
     * @param coefficientFraction fraction bits of the coefficients
     */
    public record Params(int integerBits, int fractionBits, List<Integer> coefficients, int coefficientFraction) {
        public Params {
            coefficients = List.copyOf(coefficients);
            if (coefficients.stream().allMatch(c -> c == 0)) {
                throw new IllegalArgumentException("a filter without a coefficient other than 0: its output is 0");
            }
        }

        /** Integer bits that any sum of these coefficients times samples fits in. */
        int sumIntegerBits(List<Integer> of) {
            // The lowest sample, -2^(w-1), is the largest in magnitude.
            BigInteger magnitudes =
                    of.stream().map(c -> BigInteger.valueOf(c).abs()).reduce(BigInteger.ZERO, BigInteger::add);
            int bits = magnitudes.shiftLeft(integerBits + fractionBits - 1).bitLength() + 1;
            return bits - fractionBits - coefficientFraction;
        }

        int sumFractionBits() {
            return fractionBits + coefficientFraction;
        }
    }

    public final Decoupled<SFix> put;
    public final Decoupled<SFix> take;

    public Fir(Params p) {
        super(p);
        int taps = p.coefficients.size();
        doc("FIR filter of " + taps + " taps in transposed form.");
        put = in(decoupled(sfix(p.integerBits, p.fractionBits)));
        take = out(decoupled(sfix(p.sumIntegerBits(p.coefficients), p.sumFractionBits())));

        var multiplied = reg(bool()).init(false);
        var added = reg(bool()).init(false);
        var advance = added.not().or(take.ready);
        put.ready.set(advance);
        when(advance, () -> {
            multiplied.set(put.valid);
            added.set(multiplied);
        });
        take.valid.set(added);

        Map<Integer, SFix> products = new HashMap<>();
        SFix chain = null;
        for (int k = taps - 1; k >= 0; k--) {
            int coefficient = p.coefficients.get(k);
            SFix product = coefficient == 0
                    ? null
                    : products.computeIfAbsent(Math.abs(coefficient), c -> product(p, c, advance));
            SFix next;
            if (product == null) {
                next = chain;
            } else if (chain == null) {
                next = coefficient < 0 ? product.neg() : product;
            } else {
                next = coefficient < 0 ? chain.sub(product) : chain.add(product);
            }
            if (next != null) {
                // The magnitudes of the coefficients bound the sum more closely than one bit for each addition.
                int bits = p.sumIntegerBits(p.coefficients.subList(k, taps));
                var sum = named(reg(sfix(bits, p.sumFractionBits())).init(0), "sum_" + k);
                when(advance.and(multiplied), () -> sum.set(next.wrap(bits)));
                chain = sum;
            }
        }
        take.bits.set(Objects.requireNonNull(chain));
    }

    /** The product of a sample and a coefficient, one cycle later. */
    private SFix product(Params p, int coefficient, Bool advance) {
        var factor = slit(coefficient).asSFix(p.coefficientFraction);
        int bits = p.sumIntegerBits(List.of(coefficient));
        SFix product = named(reg(sfix(bits, p.sumFractionBits())), "times_" + coefficient);
        when(advance, () -> product.set(put.bits.mul(factor).wrap(bits)));
        return product;
    }
}
