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
 * dequantisation of groups. No multiplier.
 *
 * <p>A slot in cycle c is in the group's sum after c + 1. After the slot with {@code groupLast} the sum is added to the row's, times the
 * group's scale, one bit of the scale per cycle in c + 3 .. c + 10; the next such slot may come 8 cycles later. {@code result} is
 * valid in cycle c + 11 of the row's last group, and {@code resultValid} with it.
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

    /** Place of the terms, 0..6. */
    final UInt shift = in(uint(3));

    /** Unsigned scale of the group, with {@code groupLast}. */
    final UInt scale = in(uint(8));

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
            var a = activations.bits(8 * k + 7, 8 * k).asSInt();
            var shifted = a.shl(exponents.bits(2 * k + 1, 2 * k).asUInt());
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

        var load = reg(bool()).init(false);
        load.set(ends);
        var u = delayed(delayed(scale));
        var addend = reg(sint(p.innerBits() + 7));
        var multiplier = reg(uint(8));
        when(load, () -> {
                    addend.set(acc);
                    multiplier.set(u);
                })
                .otherwise(() -> {
                    addend.set(addend.shl(1).truncate(p.innerBits() + 7));
                    multiplier.set(multiplier.shr(1));
                });
        var restart = reg(bool()).init(false);
        restart.set(load.and(delayed(delayed(rowFirst))));
        var total = reg(sint(p.outerBits()));
        var base = mux(restart, 0, total);
        total.set(mux(multiplier.bit(0), addend.add(base).truncate(p.outerBits()), base));
        result.set(total);
        var done = load.and(delayed(delayed(rowLast)));
        for (int i = 0; i <= SerialCycles.SCALE; i++) {
            var next = reg(bool()).init(false);
            next.set(done);
            done = next;
        }
        resultValid.set(done);
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
