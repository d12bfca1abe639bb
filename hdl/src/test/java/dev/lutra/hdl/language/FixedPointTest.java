// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Fixed;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.HdlException;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Rounding;
import dev.lutra.hdl.SFix;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UFix;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.math.BigDecimal;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Formats of fixed-point results, and what is refused. What they compute is tested in simulation. */
class FixedPointTest {
    /** Operands of some formats and one result. */
    static final class Operands extends Module {
        final SFix s = in(sfix(2, 14));
        final SFix t = in(sfix(4, 4));
        final UFix u = in(ufix(0, 8));
        final UFix v = in(ufix(3, 2));
        final UInt n = in(uint(2));
        final SInt i = in(sint(8));
        final Bool c = in(bool());

        Operands(Function<Operands, Data> operation) {
            var result = operation.apply(this);
            var o = out(like(result));
            o.set(result);
        }
    }

    private static Arguments op(String type, Function<Operands, Data> operation) {
        return Arguments.of(type, operation);
    }

    static Stream<Arguments> operators() {
        return Stream.of(
                op("SFix(5, 14)", m -> m.s.add(m.t)),
                op("SFix(5, 14)", m -> m.s.sub(m.t)),
                op("SFix(6, 18)", m -> m.s.mul(m.t)),
                op("UFix(4, 8)", m -> m.u.add(m.v)),
                op("SFix(4, 8)", m -> m.u.sub(m.v)),
                op("SFix(3, 14)", m -> m.s.neg()),
                op("SFix(1, 8)", m -> m.u.neg()),
                op("UFix(2, 14)", m -> m.s.abs()),
                op("SFix(1, 8)", m -> m.u.toSFix()),
                op("SFix(4, 14)", m -> m.s.min(m.t)),
                op("SFix(4, 14)", m -> Hdl.mux(m.c, m.s, m.t)),
                op("SFix(3, 14)", m -> m.s.add(0.125)),
                op("SFix(4, 17)", m -> m.s.mul(-1.125)),
                op("UFix(5, 2)", m -> m.v.add(10.5)),
                op("UFix(0, 14)", m -> m.u.mul(lit(0.0156, 0, 6))),
                op("SFix(4, 12)", m -> m.s.shl(2)),
                op("SFix(0, 16)", m -> m.s.shr(2)),
                op("SFix(5, 14)", m -> m.s.shl(m.n)),
                op("SFix(2, 17)", m -> m.s.shr(m.n)),
                op("SFix(4, 14)", m -> m.s.wrapAdd(m.t)),
                op("SFix(2, 8)", m -> m.s.round(8, Rounding.FLOOR)),
                op("SFix(2, 8)", m -> m.s.round(8, Rounding.TOWARDS_ZERO)),
                op("SFix(3, 8)", m -> m.s.round(8, Rounding.HALF_UP)),
                op("SFix(3, 8)", m -> m.s.round(8, Rounding.HALF_EVEN)),
                op("SFix(3, 8)", m -> m.s.round(8, Rounding.HALF_AWAY)),
                op("SFix(2, 14)", m -> m.s.round(14, Rounding.HALF_EVEN)),
                op("SFix(1, 14)", m -> m.s.saturate(1)),
                op("SFix(3, 14)", m -> m.s.saturate(3)),
                op("SFix(1, 14)", m -> m.s.wrap(1)),
                op("SInt(16)", m -> m.s.raw()),
                op("UInt(8)", m -> m.u.raw()),
                op("SFix(5, 3)", m -> m.i.asSFix(3)),
                op("UFix(-1, 3)", m -> m.n.asUFix(3)),
                op("SFix(2, 14)", m -> Hdl.unpack(m.s.asBits(), Hdl.sfix(2, 14))),
                op("Bool", m -> m.s.lt(m.t)));
    }

    private static UFix lit(double value, int integerBits, int fractionBits) {
        return Hdl.lit(value, Hdl.ufix(integerBits, fractionBits), Rounding.HALF_UP);
    }

    @ParameterizedTest
    @MethodSource("operators")
    void formats(String type, Function<Operands, Data> operation) {
        var ports = Circuit.of(() -> new Operands(operation)).circuit().top().ports();
        assertThat(ports.get(ports.size() - 1).type()).hasToString(type);
    }

    static final class Filter extends Module {
        final SFix x = in(sfix(2, 14));
        final SFix y = out(sfix(2, 14));
        final UFix level = out(ufix(0, 8));
        final Bool loud = out(bool());

        Filter() {
            var last = reg(sfix(2, 14)).init(0);
            last.set(x);
            var sum = x.mul(0.75).add(last.mul(lit(0.1, sfix(1, 15), Rounding.HALF_EVEN)));
            y.set(sum.round(14, Rounding.HALF_EVEN).saturate(2));
            level.set(last.abs().round(8, Rounding.HALF_UP).wrap(0));
            loud.set(x.abs().gt(1.5).or(x.lt(last)));
            var table = memory(sfix(1, 7), 4).init(new long[] {1, -2});
            require(table.readAsync(x.raw().bits(1, 0).asUInt()).lt(x), "more");
        }
    }

    /** All operators, for lint tools. */
    static final class Everything extends Module {
        Everything() {
            everything(in(sfix(3, 5)), in(sfix(1, 9)));
            everything(in(ufix(3, 5)), in(ufix(1, 9)));
        }

        private <F extends Fixed<F>> void everything(F a, F b) {
            var n = in(uint(2));
            Stream.of(a.add(b), a.sub(b), a.mul(b), a.wrapAdd(b), a.wrapSub(b), a.neg(), a.min(b), a.max(b))
                    .forEach(this::port);
            Stream.of(a.add(0.375), a.mul(0.5), a.shl(2), a.shr(1), a.shl(n), a.shr(n))
                    .forEach(this::port);
            Stream.of(a.eq(b), a.ne(b), a.lt(b), a.ge(b), a.lt(0.3), a.ge(0.3), a.le(100), a.eq(1.5))
                    .forEach(this::port);
            for (Rounding rounding : Rounding.values()) {
                Stream.of(4, 0, -3, -5).forEach(bits -> port(a.round(bits, rounding)));
                port(a.mul(b).round(4, rounding).saturate(2));
                port(a.mul(b).round(4, rounding).wrap(2));
            }
            var wider = reg(vec(2, i -> like(a.mul(b)))).init(1);
            wider.get(0).set(a);
            wider.get(1).set(mux(a.lt(b), a, b));
            port(wider.get(n));
        }

        private void port(Data value) {
            out(like(value)).set(value);
        }
    }

    @Test
    void verilogShowsTheFormats() {
        String text =
                VerilogWriter.write(Circuit.of(Filter::new).circuit()).get(0).text();
        assertThat(text)
                .containsPattern("input  wire signed \\[15:0\\] x, +// Q2.14, FixedPointTest.java")
                .containsPattern("output wire \\[7:0\\] +level, +// UQ0.8, FixedPointTest.java")
                .containsPattern("reg  signed \\[15:0\\] last; +// Q2.14, FixedPointTest.java")
                .containsPattern("wire signed \\[32:0\\] sum = .* +// Q4.29, FixedPointTest.java");
    }

    static final class Wrong extends Module {
        final SFix x = in(sfix(2, 14));
        final UFix u = in(ufix(1, 8));
        final SInt i = in(sint(8));

        Wrong() {
            var y = out(sfix(1, 7));
            y.set(x);
            y.set(x.wrap(1));
            y.set(x.round(7, Rounding.FLOOR));
            y.set(u);
            y.set(i);
            y.set(0.1);
            y.set(1.5);
            y.set(x.mul(0.1).round(7, Rounding.FLOOR));
            y.set(Double.NaN);
            y.set(1e300, Rounding.FLOOR);
            var v = out(ufix(4, 4));
            v.set(u.add(-1));
            v.set(x);
            v.set(-1, Rounding.HALF_EVEN);
            var r = reg(sfix(1, 7)).init(0.3);
            r.set(r.round(-3, Rounding.FLOOR).saturate(2));
            var w = wire(sint(16));
            w.set(x);
            printf("%%%x %d", x, u);
        }
    }

    @Test
    void lossWithoutAWordIsAnError() {
        Reports.assertRejected(FixedPointTest.class, Wrong::new, """
                [y.set(x);]: error[width]: 'x' of SFix(2, 14) cannot drive 'y' of SFix(1, 7): it would lose 1 bit before the point and 7 bits after the point
                    [final SFix x = in(sfix(2, 14));]  the value, 16 bits
                    [var y = out(sfix(1, 7));]  the target, 8 bits
                    hint: say what is meant: round(7, Rounding.HALF_EVEN).saturate(1); other roundings are FLOOR, TOWARDS_ZERO, HALF_UP, HALF_AWAY, wrap() cuts integer bits off
                [y.set(x.wrap(1));]: error[width]: a value of SFix(1, 14) cannot drive 'y' of SFix(1, 7): it would lose 7 bits after the point
                    [var y = out(sfix(1, 7));]  the target, 8 bits
                    hint: say what is meant: round(7, Rounding.HALF_EVEN).saturate(1); other roundings are FLOOR, TOWARDS_ZERO, HALF_UP, HALF_AWAY, wrap() cuts integer bits off
                [y.set(x.round(7, Rounding.FLOOR));]: error[width]: a value of SFix(2, 7) cannot drive 'y' of SFix(1, 7): it would lose 1 bit before the point
                    [var y = out(sfix(1, 7));]  the target, 8 bits
                    hint: say what is meant: saturate(1); wrap() cuts integer bits off
                [y.set(u);]: error[type]: 'u' of UFix(1, 8) cannot drive 'y' of SFix(1, 7): it is of another kind
                    [final UFix u = in(ufix(1, 8));]  the value, 9 bits
                    [var y = out(sfix(1, 7));]  the target, 8 bits
                    hint: use toSFix() (same value, one bit more)
                [y.set(i);]: error[type]: 'i' of SInt(8) cannot drive 'y' of SFix(1, 7): it is of another kind
                    [final SInt i = in(sint(8));]  the value, 8 bits
                    [var y = out(sfix(1, 7));]  the target, 8 bits
                    hint: use asSFix(0) (same value)
                [y.set(0.1);]: error[literal-range]: 0.1 is not a number of 'y' of SFix(1, 7): its neighbours are 0.09375 and 0.1015625
                    hint: say how to round, with Rounding.HALF_EVEN for instance, or give the format more fraction bits
                [y.set(1.5);]: error[literal-range]: 1.5 does not fit 'y' of SFix(1, 7), which holds -1 to 0.9921875
                    hint: give the format more integer bits
                [y.set(x.mul(0.1).round(7, Rounding.FLOOR));]: error[literal-range]: 0.1 is no sum of powers of two and has no exact fixed-point form
                    hint: say how exact it is to be: lit(0.1, sfix(i, f), Rounding.HALF_EVEN)
                [y.set(x.mul(0.1).round(7, Rounding.FLOOR));]: error[width]: a value of SFix(4, 7) cannot drive 'y' of SFix(1, 7): it would lose 3 bits before the point
                    [var y = out(sfix(1, 7));]  the target, 8 bits
                    hint: say what is meant: saturate(1); wrap() cuts integer bits off
                [y.set(Double.NaN);]: error[literal-range]: NaN is no number for 'y' of SFix(1, 7)
                [y.set(1e300, Rounding.FLOOR);]: error[literal-range]: 1.0E300 for 'y' of SFix(1, 7): beyond 2^53 a double is not exact
                    hint: give the constant as lit(new BigDecimal("..."), format)
                [v.set(u.add(-1));]: error[literal-range]: -1 is negative and the other operand is 'u' of UFix(1, 8)
                    hint: use toSFix() of it
                [v.set(u.add(-1));]: error[width]: a value of UFix(2, 8) cannot drive 'v' of UFix(4, 4): it would lose 4 bits after the point
                    [var v = out(ufix(4, 4));]  the target, 8 bits
                    hint: say what is meant: round(4, Rounding.HALF_EVEN); other roundings are FLOOR, TOWARDS_ZERO, HALF_UP, HALF_AWAY
                [v.set(x);]: error[type]: 'x' of SFix(2, 14) cannot drive 'v' of UFix(4, 4): it is of another kind
                    [final SFix x = in(sfix(2, 14));]  the value, 16 bits
                    [var v = out(ufix(4, 4));]  the target, 8 bits
                    hint: use abs(), or raw().asUInt().asUFix(f) for the same bits
                [v.set(-1, Rounding.HALF_EVEN);]: error[literal-range]: -1 does not fit 'v' of UFix(4, 4), which holds 0 to 15.9375
                    hint: use a signed format
                [var r = reg(sfix(1, 7)).init(0.3);]: error[literal-range]: 0.3 is not a number of 'r' of SFix(1, 7): its neighbours are 0.296875 and 0.3046875
                    hint: say how to round, with Rounding.HALF_EVEN for instance, or give the format more fraction bits
                [r.set(r.round(-3, Rounding.FLOOR).saturate(2));]: error[width]: saturate(2) of a value of SFix(4, -3) would leave no bits
                    hint: with -3 fraction bits there are at least 4 integer bits
                [r.set(r.round(-3, Rounding.FLOOR).saturate(2));]: error[width]: a value of SFix(4, -3) cannot drive 'r' of SFix(1, 7): it would lose 3 bits before the point
                    [var r = reg(sfix(1, 7)).init(0.3);]  the target, 8 bits
                    hint: say what is meant: saturate(1); wrap() cuts integer bits off
                [w.set(x);]: error[type]: 'x' of SFix(2, 14) cannot drive 'w' of SInt(16): it is of another kind
                    [final SFix x = in(sfix(2, 14));]  the value, 16 bits
                    [var w = wire(sint(16));]  the target, 16 bits
                    hint: use raw() (same bits), or round(0, Rounding.HALF_EVEN).raw() if the nearest integer is meant
                [printf("%%%x %d", x, u);]: error[format]: %d of 'u' of UFix(1, 8), which is no integer
                    hint: print its bits with %x or %b, or raw() with %d
                20 errors
                """);
    }

    @Test
    void formatsHaveAtLeastOneBit() {
        assertThatThrownBy(() -> Hdl.sfix(4, -4))
                .isInstanceOf(HdlException.class)
                .hasMessageContaining("error[width]: sfix(4, -4): a width is from 1 to 65536");
    }

    @Test
    void rawIntegersAndNumbers() {
        var format = Hdl.sfix(2, 6);
        assertThat(format.encode(0.1, Rounding.HALF_EVEN)).isEqualTo(6);
        assertThat(format.encode(-0.1, Rounding.FLOOR)).isEqualTo(-7);
        assertThat(format.decode(format.encode(-1.5, Rounding.FLOOR))).isEqualTo(new BigDecimal("-1.5"));
        assertThatThrownBy(() -> format.encode(2, Rounding.FLOOR))
                .isInstanceOf(HdlException.class)
                .hasMessageContaining("2 does not fit a value of SFix(2, 6), which holds -2 to 1.984375");
        assertThat(new Type.Fixed(false, 8, 8).format()).isEqualTo("UQ0.8");
        assertThat((Object) Hdl.sfix(-2, 10))
                .isInstanceOfSatisfying(
                        Fixed.class, f -> assertThat(f.integerBits()).isEqualTo(-2));
    }
}
