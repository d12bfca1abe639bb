// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;
import java.util.List;

/** Steps 1 to 4 of {@link HalfTerms}: the products of a cycle, aligned to the greatest and added. What comes out is there a cycle later. */
final class HalfLanes extends Module {
    private static final int LANES = SerialCycles.LANES;

    final Bool valid = in(bool());

    /** Place of the terms, 0..6. */
    final UInt shift = in(uint(3));

    /** Activation of lane k at bit 16 k. */
    final Bits activations = in(bits(16 * LANES));

    final Bits negative = in(bits(LANES));
    final Bits one = in(bits(LANES));

    /** Exponent of lane k at bit 2 k. */
    final Bits exponents = in(bits(2 * LANES));

    /** S of the definition. */
    final SInt sum = out(sint(17));

    /** y of the definition, biased: what the last bit of S 2^8 is worth. */
    final UInt exponent = out(uint(HalfPe.EXPONENT_BITS));

    /** A lane was active. */
    final Bool adds = out(bool());

    HalfLanes() {
        doc("Adds one term of four products of FP16 activations, aligned to the greatest.");
        List<UInt> significands = new ArrayList<>();
        List<Bool> signs = new ArrayList<>();
        List<UInt> sums = new ArrayList<>();
        Bool any = lit(false);
        UInt greatest = lit(0, 6);
        for (int k = 0; k < LANES; k++) {
            var a = activations.bits(16 * k + 15, 16 * k);
            var field = a.bits(14, 10);
            var normal = field.orR();
            require(valid.and(field.andR()).not(), "an FP16 activation is infinite or a NaN");
            var active = one.bit(k).and(normal.or(a.bits(9, 0).orR()));
            var own = cat(field.bits(4, 1), field.bit(0).or(normal.not())).asUInt();
            var sum = own.add(exponents.bits(2 * k + 1, 2 * k).asUInt());
            greatest = greatest.max(mux(active, sum, 0));
            significands.add(mux(active, cat(normal, a.bits(9, 0)).asUInt(), 0));
            signs.add(a.bit(15).xor(negative.bit(k)));
            sums.add(sum);
            any = any.or(active);
        }
        List<SInt> aligned = new ArrayList<>();
        for (int k = 0; k < LANES; k++) {
            var aligner = new HalfAligner();
            aligner.significand.set(significands.get(k));
            aligner.distance.set(greatest.wrapSub(sums.get(k)));
            aligner.negative.set(signs.get(k));
            aligned.add(aligner.aligned);
        }
        var total = aligned.get(0)
                .add(aligned.get(1))
                .add(aligned.get(2).add(aligned.get(3)))
                .truncate(17);
        var s = reg(sint(17));
        s.set(total);
        sum.set(s);
        var y = reg(uint(HalfPe.EXPONENT_BITS));
        y.set(greatest.wrapAdd(shift));
        exponent.set(y);
        var added = reg(bool()).init(false);
        added.set(valid.and(any));
        adds.set(added);
    }
}
