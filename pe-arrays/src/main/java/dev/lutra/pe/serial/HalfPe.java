// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.fp.Shifts;
import java.util.ArrayList;
import java.util.List;

/**
 * Processing element of BitMoD for FP16 activations: four of them times one term of four weights per cycle, aligned to the greatest, into one floating sum,
 * and bit-serial dequantisation. No multiplier. {@link HalfTerms} defines each bit.
 *
 * <p>A slot in cycle c is in the group's sum after c + 1. {@code scaled} and {@code exponent} hold the group's sum times its scale from cycle c + 10 of its
 * last slot, with {@code scaledValid}, until 2 cycles after the next group's last slot; such slots are at least 8 cycles apart.
 */
final class HalfPe extends Module {

    static final int SUM_BITS = 32;
    static final int SCALED_BITS = 40;
    static final int EXPONENT_BITS = 8;
    private static final int DISTANCE_BITS = 6;
    private static final int LANES = SerialCycles.LANES;

    final Bool valid = in(bool());
    final Bool groupFirst = in(bool());
    final Bool groupLast = in(bool());

    /** Place of the terms, 0..6. */
    final UInt shift = in(uint(3));

    /** Unsigned scale of the group, with {@code groupLast}. */
    final UInt scale = in(uint(8));

    /** Activation of lane k at bit 16 k. */
    final Bits activations = in(bits(16 * LANES));

    final Bits negative = in(bits(LANES));
    final Bits one = in(bits(LANES));

    /** Exponent of lane k at bit 2 k. */
    final Bits exponents = in(bits(2 * LANES));

    final SInt scaled = out(sint(SCALED_BITS));
    final SInt exponent = out(sint(EXPONENT_BITS));
    final Bool scaledValid = out(bool());

    HalfPe() {
        doc(
                "Adds one term of four products of FP16 activations per cycle into a floating sum, and scales that of a group by shift and add.");

        // --- exponents, and the greatest of active lanes
        List<UInt> significands = new ArrayList<>();
        List<Bool> signs = new ArrayList<>();
        List<UInt> sums = new ArrayList<>();
        List<Bool> actives = new ArrayList<>();
        UInt most = lit(0, 6);
        for (int k = 0; k < LANES; k++) {
            var a = activations.bits(16 * k + 15, 16 * k);
            var field = a.bits(14, 10);
            var normal = field.orR();
            require(valid.and(field.andR()).not(), "an FP16 activation is infinite or a NaN");
            var active = one.bit(k).and(normal.or(a.bits(9, 0).orR()));
            var own = cat(field.bits(4, 1), field.bit(0).or(normal.not())).asUInt();
            var sum = own.add(exponents.bits(2 * k + 1, 2 * k).asUInt());
            var counted = mux(active, sum, 0);
            most = most.max(counted);
            significands.add(mux(active, cat(normal, a.bits(9, 0)).asUInt(), 0));
            signs.add(a.bit(15).xor(negative.bit(k)));
            sums.add(sum);
            actives.add(active);
        }
        var any = valid.and(actives.get(0).or(actives.get(1)).or(actives.get(2)).or(actives.get(3)));
        var greatest = most;

        // --- aligned, signed, added
        List<SInt> aligned = new ArrayList<>();
        for (int k = 0; k < LANES; k++) {
            var distance = greatest.wrapSub(sums.get(k));
            var shifted =
                    Shifts.rightSticky(significands.get(k).shl(3), distance).toSInt();
            aligned.add(mux(signs.get(k), shifted.neg(), shifted.extend(shifted.width() + 1)));
        }
        var total = aligned.get(0)
                .add(aligned.get(1))
                .add(aligned.get(2).add(aligned.get(3)))
                .truncate(17);
        var s = reg(sint(17));
        s.set(total);
        var y = reg(sint(EXPONENT_BITS));
        y.set(greatest.toSInt().add(shift.toSInt()).sub(36).truncate(EXPONENT_BITS));
        var adds = flag(any);
        var first = flag(valid.and(groupFirst));
        var ends = flag(valid.and(groupLast));

        // --- the group's sum
        var a = reg(sint(SUM_BITS));
        var x = reg(sint(EXPONENT_BITS));
        var empty = first.or(a.eq(0));
        var addend = s.shl(8);
        var down = y.sub(x);
        var sumIsLower = down.gt(0).andNot(empty);
        var old = mux(empty, 0, a);
        var low = mux(sumIsLower, old, addend.extend(SUM_BITS));
        var high = mux(sumIsLower, addend.extend(SUM_BITS), old);
        // Exponents of sums are from -35 to less than 16.
        var distance = mux(empty, 0, mux(down.lt(0), down.neg(), down.extend(down.width() + 1)))
                .bits(DISTANCE_BITS - 1, 0)
                .asUInt();
        var sum = sticky(low, distance).wrapAdd(high);
        var top = sum.bit(SUM_BITS - 2);
        var large = mux(
                sum.bit(SUM_BITS - 1),
                top.not().or(sum.bits(SUM_BITS - 3, 0).orR().not()),
                top);
        var half = sum.shr(1);
        var rounded =
                half.add(cat(lit(false), sum.bit(0).and(half.bit(0))).asSInt()).truncate(SUM_BITS);
        var scaleOf = mux(down.lt(0).andNot(empty), x, y);
        when(adds, () -> {
                    a.set(mux(large, rounded, sum));
                    x.set(mux(large, scaleOf.add(1).truncate(EXPONENT_BITS), scaleOf));
                })
                .elseWhen(first, () -> a.set(0));

        // --- times the scale, a bit a cycle: its bits leave at the end as those of the product come in before them
        var load = flag(ends);
        var u = later(later(scale));
        var multiplicand = reg(sint(SUM_BITS));
        var product = reg(sint(SCALED_BITS));
        var productExponent = reg(sint(EXPONENT_BITS));
        var left = reg(uint(SerialCycles.SCALE - 1)).init(0);
        var upper = product.bits(SCALED_BITS - 1, SerialCycles.SCALE).asSInt();
        var more = mux(product.bit(0), upper.add(multiplicand), upper.extend(SUM_BITS + 1));
        when(load, () -> {
                    multiplicand.set(a);
                    product.set(cat(mux(u.bit(0), a, 0).extend(SUM_BITS + 1), u.bits(SerialCycles.SCALE - 1, 1))
                            .asSInt());
                    left.set((1 << SerialCycles.SCALE - 1) - 1);
                    productExponent.set(x);
                })
                .elseWhen(left.bit(0), () -> {
                    product.set(
                            cat(more, product.bits(SerialCycles.SCALE - 1, 1)).asSInt());
                    left.set(left.shr(1));
                });
        scaled.set(product);
        exponent.set(productExponent);
        var done = load;
        for (int i = 0; i < SerialCycles.SCALE; i++) {
            done = flag(done);
        }
        scaledValid.set(done);
    }

    /** Shifted down towards minus infinity, with a last bit that is also 1 if a 1 was lost. */
    private static SInt sticky(SInt value, UInt amount) {
        int width = value.width();
        Bits at = value.asBits();
        Bool lost = Hdl.lit(false);
        Bool sign = value.bit(width - 1);
        for (int k = 0; k < amount.width(); k++) {
            Bool taken = amount.bit(k);
            int by = Math.min(1 << k, width);
            lost = lost.or(taken.and((by == width ? at : at.bits(by - 1, 0)).orR()));
            Bits fill = Hdl.fill(by, sign).asBits();
            at = Hdl.mux(taken, by == width ? fill : Hdl.cat(fill, at.bits(width - 1, by)), at);
        }
        return Hdl.cat(at.bits(width - 1, 1), at.bit(0).or(lost)).asSInt();
    }

    private UInt later(UInt value) {
        var stage = reg(uint(value.width()));
        stage.set(value);
        return stage;
    }

    /** The flag a cycle later; false after reset. */
    private Bool flag(Bool value) {
        var stage = reg(bool()).init(false);
        stage.set(value);
        return stage;
    }
}
