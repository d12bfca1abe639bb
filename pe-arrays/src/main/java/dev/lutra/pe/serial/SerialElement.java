// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.pe.CarryTree;
import dev.lutra.pe.GroupUnits;
import dev.lutra.pe.dot.Adders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of one column: a term of each of its weights times the row's activations, the sum of a group, and of a finished group, beside the
 * next ones, the zero point times the sum of activations taken off and the rest scaled, one bit a cycle each. No multiplier.
 */
final class SerialElement extends Module {

    record Params(int step, boolean scaled, int innerBits, int outerBits) {}

    /** Flags of all elements, each of the stage it names. */
    static final class Control extends Bundle {
        /** Terms and activations are there; their sum is there a cycle later. */
        final UInt place = field(Hdl.uint(3));
        /** A sum of terms is there. */
        final Bool add = field(Hdl.bool());
        /** It is a group's first one. */
        final Bool start = field(Hdl.bool());
        /** The group's sum is complete. */
        final Bool load = field(Hdl.bool());
        /** The group's sum is to be scaled: a cycle after load, or eight if it has a zero point and a scale. */
        final Bool transfer = field(Hdl.bool());
        /** A cycle after transfer: the results start from the group. */
        final Bool blockStart = field(Hdl.bool());
        /** The results are complete. */
        final Bool capture = field(Hdl.bool());

        Control() {}
    }

    final Control control;

    /** The row's activations, with the terms. */
    final Bits activations;

    final Bits negative;
    final Bits one;
    final Bits exponents;

    /** Bit of the zero point, and what it stands for: the sum of the group's activations, shifted by its place. Null without scales. */
    final @Nullable Bool zeroBit;

    final @Nullable SInt zeroAddend;

    /** Scale of the group, with transfer. */
    final @Nullable UInt scale;

    final SInt result;

    SerialElement(Params p) {
        super(p);
        doc("Adds one term of %d products per cycle; takes zero points off and scales by shift and add."
                .formatted(p.step()));
        control = in(new Control());
        activations = in(bits(8 * p.step()));
        negative = in(bits(p.step()));
        one = in(bits(p.step()));
        exponents = in(bits(2 * p.step()));
        zeroBit = p.scaled() ? in(bool()) : null;
        zeroAddend = p.scaled() ? in(sint(SerialRow.ADDEND_BITS)) : null;
        scale = p.scaled() ? in(uint(8)) : null;
        result = out(sint(p.outerBits()));
        int bits = p.innerBits();

        List<SInt> products = new ArrayList<>();
        for (int k = 0; k < p.step(); k++) {
            var shifted = activations
                    .bits(8 * k + 7, 8 * k)
                    .asSInt()
                    .shl(exponents.bits(2 * k + 1, 2 * k).asUInt());
            var gated = shifted.asBits().and(fill(shifted.width(), one.bit(k))).asSInt();
            products.add(cat(Adders.complement(gated, negative.bit(k)), negative.bit(k))
                    .asSInt());
        }
        var total = CarryTree.operands(products);
        var lanes = total.bits(total.width() - 1, 1)
                .asSInt()
                .add(cat(lit(false), total.bit(0)).asSInt());
        var sum = reg(sint(lanes.width()));
        sum.set(lanes);
        var place = reg(uint(3));
        place.set(control.place);
        var acc = reg(sint(bits));
        when(control.add, () -> acc.set(mux(control.start, 0, acc).wrapAdd(fitted(sum.shl(place), bits))));

        SInt group = acc;
        if (zeroBit != null && zeroAddend != null) {
            var rest = reg(sint(bits));
            var addend = fitted(zeroAddend, bits);
            rest.set(mux(control.load, acc, mux(zeroBit, rest.wrapSub(addend), rest)));
            // The zero point's last bit is its sign, and counts the other way.
            group = mux(zeroBit, rest.wrapAdd(addend), rest);
        }
        result.set(GroupUnits.result(
                bits, p.outerBits(), group, control.transfer, control.blockStart, control.capture, scale));
    }

    private static SInt fitted(SInt value, int bits) {
        return value.width() > bits ? value.truncate(bits) : value.extend(bits);
    }
}
