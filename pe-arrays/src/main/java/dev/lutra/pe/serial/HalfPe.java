// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;

/**
 * Processing element of BitMoD for FP16 activations: four of them times one term of four weights per cycle, aligned to the greatest, into one floating sum,
 * and bit-serial dequantisation. No multiplier. {@link HalfTerms} defines each bit; a column's elements share a {@link HalfControl}.
 *
 * <p>A slot in cycle c is in the group's sum after c + 1. {@code scaled} and {@code exponent} hold the group's sum times its scale from cycle c + 10 of its
 * last slot until 2 cycles after the next group's last slot; such slots are at least 8 cycles apart.
 */
final class HalfPe extends Module {

    static final int SUM_BITS = 32;
    static final int SCALED_BITS = 40;

    /** Exponents within an element are not negative: 36 less is meant. From 0 to 39 as they come, and 2 or 3 more when sums were halved. */
    static final int EXPONENT_BITS = 6;

    static final int EXPONENT_BIAS = 36;

    /** Cycles from a group's last slot to its scaled sum. */
    static final int LATENCY = 10;

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

    /** Of the column's control. */
    final Bool starts = in(bool());

    final Bool load = in(bool());
    final Bool more = in(bool());
    final UInt loadScale = in(uint(SerialCycles.SCALE));

    final SInt scaled = out(sint(SCALED_BITS));
    final UInt exponent = out(uint(EXPONENT_BITS));

    HalfPe() {
        doc(
                "Adds one term of four products of FP16 activations per cycle into a floating sum, and scales that of a group by shift and add.");
        var lanes = new HalfLanes();
        lanes.valid.set(valid);
        lanes.shift.set(shift);
        lanes.activations.set(activations);
        lanes.negative.set(negative);
        lanes.one.set(one);
        lanes.exponents.set(exponents);

        var sum = new HalfSum();
        sum.addend.set(lanes.sum);
        sum.addendExponent.set(lanes.exponent);
        sum.adds.set(lanes.adds);
        sum.starts.set(starts);

        var scale = new HalfScale();
        scale.load.set(load);
        scale.more.set(more);
        scale.scale.set(loadScale);
        scale.sum.set(sum.sum);
        scale.exponent.set(sum.exponent);
        scaled.set(scale.scaled);
        exponent.set(scale.scaledExponent);
    }

    /** The control's outputs. */
    void follow(HalfControl control) {
        starts.set(control.starts);
        load.set(control.load);
        more.set(control.more);
        loadScale.set(control.loadScale);
    }
}
