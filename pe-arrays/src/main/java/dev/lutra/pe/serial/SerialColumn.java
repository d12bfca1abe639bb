// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What all rows of a column share: the terms of its weights, from codes that come two bits a slot, and what completes its groups.
 *
 * <p>A term is made when the next two bits of its code come, or in the cycle after the last ones: floating-point terms depend on the whole
 * code, an integer's digit on the two bits before.
 */
final class SerialColumn extends Module {

    record Params(int step, boolean scaled) {}

    /** Flags of all columns. */
    static final class Control extends Bundle {
        /** Two bits of each code come. */
        final Bool valid = field(Hdl.bool());
        /** With {@code valid}: a group's marks and scales come too. */
        final Bool groupFirst = field(Hdl.bool());
        /** The bits before the coming ones were the first ones of their codes. */
        final Bool wasFirst = field(Hdl.bool());
        /** The last bits of the codes came in the cycle before. */
        final Bool complete = field(Hdl.bool());
        /** Codes are floating point. */
        final Bool isFloat = field(Hdl.bool());
        /** {@code complete}, and the codes were their group's last ones. */
        final Bool ends = field(Hdl.bool());
        /** The group's sum is complete. */
        final Bool load = field(Hdl.bool());

        Control() {}
    }

    final Control control;

    /** Two bits of each code, element 0 first. */
    final Bits slices;

    /** Scale and mark, with {@code groupFirst}; null without scales, as all about groups. */
    final @Nullable Bits scale;

    /** The slot's group has them. */
    final @Nullable Bool scaleValid;

    /** Terms, a cycle after they are made. */
    final Bits negative;

    final Bits one;
    final Bits exponents;

    /** Scale of the group that was loaded last. */
    final @Nullable UInt groupScale;

    /** Bit of the zero point, from the cycle after {@code load} on, least significant first. */
    final @Nullable Bool zeroBit;

    SerialColumn(Params p) {
        super(p);
        doc("Terms of the weights of one column, for all rows: codes come two bits a cycle, least significant first.");
        control = in(new Control());
        slices = in(bits(2 * p.step()));
        scale = p.scaled() ? in(bits(16)) : null;
        scaleValid = p.scaled() ? in(bool()) : null;
        groupScale = p.scaled() ? out(uint(8)) : null;
        zeroBit = p.scaled() ? out(bool()) : null;
        negative = out(bits(p.step()));
        one = out(bits(p.step()));
        exponents = out(bits(2 * p.step()));
        var mark = groups();

        var before = reg(bits(2 * p.step()));
        var earlier = reg(bits(2 * p.step()));
        when(control.valid, () -> {
            before.set(slices);
            earlier.set(before);
        });
        var magnitude = mux(
                mark.bit(5),
                mark.asSInt().neg().bits(4, 0).asUInt(),
                mark.bits(4, 0).asUInt());
        var signs = new ArrayList<Bool>();
        var ones = new ArrayList<Bool>();
        var powers = new ArrayList<UInt>();
        for (int k = p.step() - 1; k >= 0; k--) {
            var pair = before.bits(2 * k + 1, 2 * k);
            var older = earlier.bits(2 * k + 1, 2 * k);
            var decoder = new TermDecoder();
            decoder.digit.set(cat(pair, older.bit(1).andNot(control.wasFirst)));
            decoder.code.set(mux(control.complete, cat(pair, older), cat(slices.bits(2 * k + 1, 2 * k), pair)));
            decoder.isFloat.set(control.isFloat);
            decoder.isFirst.set(control.complete.not());
            decoder.isSecond.set(control.complete);
            decoder.specialNegative.set(mark.bit(7));
            decoder.specialMagnitude.set(magnitude);
            signs.add(decoder.negative.and(decoder.one));
            ones.add(decoder.one);
            powers.add(decoder.exponent);
        }
        negative.set(later(Hdl.cat(signs)));
        one.set(later(Hdl.cat(ones)));
        exponents.set(later(Hdl.cat(powers)));
    }

    /** Keeps what comes with a group until it is needed: the mark for its terms and then as zero point, the scale after that. */
    private Bits groups() {
        if (scale == null || scaleValid == null || groupScale == null || zeroBit == null) {
            return lit(0, 8).asBits();
        }
        var mark = reg(bits(8));
        var u = reg(uint(8));
        when(control.valid.and(control.groupFirst), () -> {
            mark.set(mux(scaleValid, scale.bits(15, 8), lit(0, 8).asBits()));
            u.set(mux(scaleValid, scale.bits(7, 0).asUInt(), 1));
        });
        var zeroPoint = reg(uint(8));
        var ended = reg(uint(8));
        when(control.ends, () -> {
            zeroPoint.set(mux(control.isFloat, 0, mark.asUInt()));
            ended.set(u);
        });
        var zeroBits = reg(uint(8));
        var loaded = reg(uint(8));
        when(control.load, () -> {
                    zeroBits.set(zeroPoint);
                    loaded.set(ended);
                })
                .otherwise(() -> zeroBits.set(zeroBits.shr(1)));
        groupScale.set(loaded);
        zeroBit.set(zeroBits.bit(0));
        return mark;
    }

    private Bits later(Bits value) {
        var stage = reg(bits(value.width()));
        stage.set(value);
        return stage;
    }
}
