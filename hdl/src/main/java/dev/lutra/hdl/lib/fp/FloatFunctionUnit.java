// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.UInt;

/**
 * Exponential, reciprocal and reciprocal square root of binary32 numbers as {@link FloatFunctionModel} defines them: one table of parabolas and one path for
 * all, the function chosen for every operand. Which one it is only decides what fraction goes to the table and what exponent goes with it. A
 * constant {@code function} leaves synthesis what that one needs.
 */
public final class FloatFunctionUnit extends FloatUnit {
    private static final FloatFormat FORMAT = FloatFormat.BINARY32;

    /** Most pipeline stages. */
    public static final int MAX_STAGES = 6 + FINISHING_PLACES;

    /** @param stages cycles from operand to result, 0..{@link #MAX_STAGES} */
    public record Params(int stages) {}

    public final EnumSignal<FloatFunction> function = in(enumOf(FloatFunction.class));
    public final Bits a = in(bits(32));
    public final Bits result = out(bits(32));

    public FloatFunctionUnit(Params p) {
        super(p, MAX_STAGES, p.stages());
        doc("e^x, 1 / x or 1 / sqrt(x) of a binary32 number, by a table of parabolas, %d cycles later."
                .formatted(p.stages()));
        var x = FloatParts.of(FORMAT, a);
        var power = function.eq(FloatFunction.EXPONENTIAL);
        var root = function.eq(FloatFunction.RECIPROCAL_ROOT);
        var zero = x.significand().orR().not();
        var sign = x.sign().andNot(power);
        var beyond = power.and(x.exponent().ge(FORMAT.bias() + 7));
        var nan = x.nan().or(root.and(x.sign()).andNot(zero));
        var infinite = mux(power, beyond.andNot(x.sign()), zero);
        var none = mux(power, beyond.and(x.sign()), x.infinite());

        // x log2(e) with 26 bits behind the point once it is shifted: 24 bits of the product are below that for the
        // greatest exponent.
        var product = at(0, x.significand().mul(lit(FloatFunctionModel.LOG2_E)));
        var down = at(0, lit(FORMAT.bias() + 6).sub(x.exponent()));
        var zeros = at(0, Shifts.leadingZeros(x.significand()));
        var significand = at(0, x.significand());
        var exponent = at(0, x.exponent());
        var negative = at(0, x.sign());
        var isPower = at(0, power);
        var isRoot = at(0, root);

        var whole = product.bits(product.width() - 1, 24);
        var far = down.bits(7, 6).orR();
        var twice = mux(far, lit(0, whole.width()), whole.shr(down.bits(5, 0).asUInt()));
        var times = at(1, twice.add(1).shr(1));
        var normal = at(1, significand.shlWrap(zeros).truncate(23));
        var scale = at(1, exponent.toSInt().sub(zeros.toSInt()));
        var minus = at(1, negative);
        isPower = at(1, isPower);
        isRoot = at(1, isRoot);

        var t = times.toSInt();
        var signed = mux(minus, t.neg(), t);
        var fraction = at(
                2, mux(isPower, signed.bits(24, 0), Hdl.cat(normal, lit(0, 2))).asUInt());
        var odd = scale.asUInt().bit(0).not();
        var part =
                at(2, Hdl.cat(isRoot, isPower.not().and(isRoot.not().or(odd))).asUInt());
        var reciprocal = slit(2 * FORMAT.bias() - 1).sub(scale);
        var ofRoot = slit(FORMAT.bias() + 63).sub(scale.add(1).shr(1));
        var ofPower = signed.shr(25).add(FORMAT.bias());
        var top = at(2, mux(isPower, ofPower, mux(isRoot, ofRoot, reciprocal)));

        var word = at(3, coefficients(Hdl.cat(part, fraction.bits(24, 18)).asUInt()));
        var u = at(3, Hdl.cat(fraction.bit(17).not(), fraction.bits(16, 0)).asSInt());
        int c1 = FunctionTable.C2_BITS;
        int c0 = c1 + FunctionTable.C1_BITS;
        var bend = word.bits(c1 - 1, 0).asUInt().toSInt().mul(u.shr(4)).shr(11);
        var slope = at(4, word.bits(c0 - 1, c1).asSInt().shl(2).add(bend));
        var height = at(4, word.bits(c0 + FunctionTable.C0_BITS - 1, c0).asUInt());
        var v = at(
                5,
                height.shl(2).toSInt().add(slope.mul(at(4, u)).shr(17)).asUInt().truncate(31));

        // The uppermost bit is bit 30 of powers and bit 29 of the others.
        var normalised = mux(behind(2, 6, isPower), v, v.shlWrap(lit(1)));
        var kept = Hdl.cat(normalised.bits(30, 5), normalised.bits(4, 0).orR());
        var exact = kept.and(Hdl.fill(27, behind(0, 6, none).not()));
        var biased = behind(3, 6, top);
        result.set(finish(
                FORMAT,
                behind(0, 6, sign),
                biased,
                exact.asUInt(),
                biased.lt(1),
                behind(0, 6, infinite),
                behind(0, 6, nan),
                true));
    }

    private Bits coefficients(UInt word) {
        long[] words = new long[FunctionTable.WORDS];
        for (int i = 0; i < words.length; i++) {
            long c1 = FunctionTable.c1(i) & (1L << FunctionTable.C1_BITS) - 1;
            long high = (long) FunctionTable.c0(i) << FunctionTable.C1_BITS | c1;
            words[i] = high << FunctionTable.C2_BITS | FunctionTable.c2(i);
        }
        var table = memory(
                        bits(FunctionTable.C0_BITS + FunctionTable.C1_BITS + FunctionTable.C2_BITS),
                        FunctionTable.WORDS)
                .init(words);
        return table.readAsync(word);
    }
}
