// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;

/**
 * Processing element of BitMoD in integer mode: four INT8 activations times one term of four weights per cycle, exact, and the bit-serial
 * dequantisation of groups: zero point, then scale. No multiplier.
 *
 * <p>A slot in cycle c is in the group's sum after c + 1. After the slot with {@code groupLast} the zero point times the sum of the
 * group's activations is taken off, one bit of the zero point per cycle in c + 3 .. c + 10, and the rest is added to the row's sum,
 * times the group's scale, one bit per cycle in c + 11 .. c + 18. The two work on different groups, so the next such slot may come 8
 * cycles later. {@code result} is valid in cycle c + 19 of the row's last group, and {@code resultValid} with it.
 */
final class SerialPe extends Module {

    record Params(int innerBits, int outerBits) {
        Params {
            if (innerBits < 20 || outerBits < innerBits + 8) {
                throw new IllegalArgumentException("sums of " + innerBits + " and " + outerBits
                        + " bits: a group needs 20 at least, and a scale 8 more");
            }
        }
    }

    final Bool valid = in(bool());
    final Bool groupFirst = in(bool());
    final Bool groupLast = in(bool());
    final Bool rowFirst = in(bool());
    final Bool rowLast = in(bool());

    /** First term of four weights. */
    final Bool quadFirst = in(bool());

    /** Place of the terms, 0..6. */
    final UInt shift = in(uint(3));

    /** Unsigned scale of the group, with {@code groupLast}. */
    final UInt scale = in(uint(8));

    /** What the values of the group are counted from, with {@code groupLast}. */
    final SInt zero = in(sint(8));

    /** Activation of lane k at bit 8 k. */
    final Bits activations = in(bits(32));

    final Bits negative = in(bits(4));
    final Bits one = in(bits(4));

    /** Exponent of lane k at bit 2 k. */
    final Bits exponents = in(bits(8));

    final SInt result;
    final Bool resultValid = out(bool());

    SerialPe(Params p) {
        super(p);
        doc(
                "Adds one term of four products per cycle; scales the sum of a group by shift and add beside the next group.");
        result = out(sint(p.outerBits()));
        var products = new ArrayList<SInt>();
        for (int k = 0; k < SerialCycles.LANES; k++) {
            var shifted = activation(k).shl(exponents.bits(2 * k + 1, 2 * k).asUInt());
            products.add(mux(one.bit(k), mux(negative.bit(k), shifted.neg(), shifted.extend(12)), 0));
        }
        var sum = reg(sint(13));
        var lanes = products.get(0).add(products.get(1)).add(products.get(2).add(products.get(3)));
        sum.set(lanes.truncate(13)); // four times 8 x 127 is less than 2^12
        var place = reg(uint(3));
        place.set(shift);
        var add = reg(bool()).init(false);
        add.set(valid);
        var start = reg(bool());
        start.set(groupFirst);
        var ends = reg(bool()).init(false);
        ends.set(valid.and(groupLast));
        var acc = reg(sint(p.innerBits()));
        when(
                add,
                () -> acc.set(mux(start, 0, acc)
                        .add(sum.shl(place).extend(p.innerBits()))
                        .truncate(p.innerBits())));

        var quad = reg(sint(10));
        quad.set(activation(0).add(activation(1)).add(activation(2).add(activation(3))));
        var isFirst = reg(bool());
        isFirst.set(quadFirst);
        var activationSum = reg(sint(16)); // of 256 activations at most
        when(
                add.and(isFirst),
                () -> activationSum.set(mux(start, 0, activationSum).add(quad).truncate(16)));

        var load = reg(bool()).init(false);
        load.set(ends);
        var rest = reg(sint(p.innerBits()));
        var zeroBits = reg(sint(8));
        var zeroAddend = reg(sint(23));
        var u = reg(uint(8));
        var first = reg(bool());
        var last = reg(bool());
        var z = delayed(delayed(zero.asUInt())).asSInt();
        var scaleNow = delayed(delayed(scale));
        var firstNow = delayed(delayed(rowFirst));
        var lastNow = delayed(delayed(rowLast));
        when(load, () -> {
                    rest.set(acc);
                    zeroBits.set(z);
                    zeroAddend.set(activationSum);
                    u.set(scaleNow);
                    first.set(firstNow);
                    last.set(lastNow);
                })
                .otherwise(() -> {
                    rest.set(mux(
                            zeroBits.bit(0),
                            rest.sub(zeroAddend.extend(p.innerBits())).truncate(p.innerBits()),
                            rest));
                    zeroBits.set(zeroBits.shr(1).extend(8));
                    zeroAddend.set(zeroAddend.shl(1).truncate(23));
                });

        // The zero point's last bit is its sign, and counts the other way.
        var scaled = load;
        for (int i = 0; i < SerialCycles.SCALE; i++) {
            scaled = flag(scaled);
        }
        var group =
                mux(zeroBits.bit(0), rest.add(zeroAddend.extend(p.innerBits())).truncate(p.innerBits()), rest);
        var addend = reg(sint(p.innerBits() + 7));
        var multiplier = reg(uint(8));
        when(scaled, () -> {
                    addend.set(group);
                    multiplier.set(u);
                })
                .otherwise(() -> {
                    addend.set(addend.shl(1).truncate(p.innerBits() + 7));
                    multiplier.set(multiplier.shr(1));
                });
        var restart = flag(scaled.and(first));
        var total = reg(sint(p.outerBits()));
        var base = mux(restart, 0, total);
        total.set(mux(multiplier.bit(0), addend.add(base).truncate(p.outerBits()), base));
        result.set(total);
        var done = scaled.and(last);
        for (int i = 0; i <= SerialCycles.SCALE; i++) {
            done = flag(done);
        }
        resultValid.set(done);
    }

    private SInt activation(int lane) {
        return activations.bits(8 * lane + 7, 8 * lane).asSInt();
    }

    /** The flag a cycle later; false after reset. */
    private Bool flag(Bool value) {
        var later = reg(bool()).init(false);
        later.set(value);
        return later;
    }

    private UInt delayed(UInt value) {
        var later = reg(uint(value.width()));
        later.set(value);
        return later;
    }

    private Bool delayed(Bool value) {
        var later = reg(bool());
        later.set(value);
        return later;
    }
}
