// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;

/** A unit whose path has places for registers, of which some have one. */
abstract class FloatUnit extends Module {
    /** Places that {@link #round} has, the result's included. */
    static final int ROUNDING_PLACES = 4;
    /** Places that {@link #finish} has. */
    static final int FINISHING_PLACES = 2;

    private final int places;
    private final int stages;

    /**
     * @param places for registers, in the order of the path
     * @param stages how many of them have registers, evenly spread, the last one first
     */
    FloatUnit(Record params, int places, int stages) {
        super(params);
        if (stages < 0 || stages > places)
            throw new IllegalArgumentException(stages + " pipeline stages: this unit has 0.." + places);
        this.places = places;
        this.stages = stages;
    }

    /** The value behind a place. Whatever passes a place goes through it. */
    final <T extends Data> T at(int place, T value) {
        if ((place + 1) * stages / places == place * stages / places) return value;
        var stage = reg(Hdl.like(value));
        stage.set(value);
        return stage;
    }

    /** The value behind all places before one. */
    final <T extends Data> T behind(int from, int to, T value) {
        var at = value;
        for (int place = from; place < to; place++) at = at(place, at);
        return at;
    }

    /**
     * Normalises and rounds: the number nearest to (-1)^sign significand 2^(top - bias - width + 1), in the last {@link #ROUNDING_PLACES} places.
     *
     * @param top biased exponent that the uppermost bit of the significand stands for
     * @param low whether top may be less than 1
     */
    final Bits round(FloatFormat format, Bool sign, SInt top, UInt significand, Bool infinite, Bool nan, boolean low) {
        int place = places - ROUNDING_PLACES;
        int f = format.fractionBits();
        int least = f + 4;
        var whole = significand.width() >= least
                ? significand
                : Hdl.cat(significand, Hdl.lit(0, least - significand.width())).asUInt();
        int width = whole.width();
        // A 1 where the exponent would fall below that of subnormal numbers ends the count of zeros there.
        var room = top.sub(1);
        var none = low ? top.lt(1) : Hdl.lit(false);
        var limit = Hdl.mux(none, Hdl.lit(0), room.asUInt().truncate(room.width() - 1));
        var marker =
                Hdl.lit(java.math.BigInteger.ONE.shiftLeft(width - 1), width).shr(limit);
        var zeros = at(place, Shifts.leadingZeros(whole.or(marker)));
        var before = at(place, whole);
        var topBefore = at(place, top);
        var noneBefore = at(place, none);

        var shifted = before.shlWrap(zeros);
        var kept = at(
                place + 1,
                width == least
                        ? shifted
                        : Hdl.cat(
                                        shifted.bits(width - 1, width - least + 1),
                                        shifted.bits(width - least, 0).orR())
                                .asUInt());
        var exponent = at(place + 1, topBefore.sub(zeros.toSInt()));

        return finish(
                format,
                behind(place, place + 2, sign),
                exponent,
                kept,
                at(place + 1, noneBefore),
                behind(place, place + 2, infinite),
                behind(place, place + 2, nan),
                low);
    }

    /**
     * Rounds a significand of {@code fractionBits + 4} bits, of which the last one stands for all below, in the last {@link #FINISHING_PLACES} places.
     *
     * @param exponent biased, of the uppermost bit
     * @param tiny the exponent is less than 1; else the uppermost bit is a 1 unless the exponent is 1 or the significand 0
     * @param low whether that can be
     */
    final Bits finish(
            FloatFormat format,
            Bool sign,
            SInt exponent,
            UInt significand,
            Bool tiny,
            Bool infinite,
            Bool nan,
            boolean low) {
        int place = places - FINISHING_PLACES;
        int f = format.fractionBits();
        int least = f + 4;
        var subnormal = significand;
        if (low) {
            var missing = slitOf(1, exponent).sub(exponent);
            var right = Hdl.mux(tiny, missing.asUInt(), Hdl.lit(0, missing.width()));
            subnormal = Shifts.rightSticky(significand, right.truncate(missing.width() - 1));
        }
        var ready = at(place, subnormal);
        var field = at(place, exponent.asUInt().truncate(exponent.width() - 1));

        var hidden = ready.bit(least - 1);
        var tie = ready.bit(least - 2 - f);
        var up = tie.and(ready.bits(least - 3 - f, 0).orR().or(ready.bit(least - 1 - f)));
        var exponentBits = field.and(Hdl.fill(field.width(), hidden).asUInt());
        var rounded = Hdl.cat(exponentBits, ready.bits(least - 2, least - 1 - f))
                .asUInt()
                .add(Hdl.cat(up).asUInt());
        int e = format.exponentBits();
        var exponentRounded = rounded.bits(rounded.width() - 1, f);
        var over = exponentRounded.ge(format.specialExponent());
        var magnitude =
                Hdl.mux(at(place, infinite).or(over), Hdl.lit(format.infinity(), e + f), rounded.truncate(e + f));
        return at(
                place + 1,
                Hdl.mux(
                        at(place, nan),
                        Hdl.lit(format.nan(), format.width()).asBits(),
                        Hdl.cat(at(place, sign), magnitude)));
    }

    private static SInt slitOf(long value, SInt like) {
        return Hdl.slit(value, like.width());
    }
}
