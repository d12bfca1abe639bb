// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.HdlException;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Range;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is known of values, and what is refused. That widths and values are right is tested in simulation. */
class RangesTest {
    /** A decimal digit and its weight. */
    static final class Digit extends Bundle {
        final UInt value = field(uint(range(0, 9)));
        final SInt sign = field(sint(range(-1, 1)));
    }

    /** Ranges through all kinds of signals. */
    static final class Everywhere extends Module {
        final Digit digit = in(new Digit());
        final Vec<UInt> digits = in(vec(3, i -> uint(range(0, 9))));
        final UInt at = in(uint(2));
        final UInt plain = in(uint(8));
        final Bool c = in(bool());
        final List<String> known = new ArrayList<>();

        Everywhere() {
            see(digit.value.add(digits.get(0)), "UInt(5)", "0 to 18");
            see(digits.get(at), "UInt(4)", "0 to 9");
            see(digits.get(at).mul(10), "UInt(7)", "0 to 90");
            see(mux(c, digits, digits).get(1).add(1), "UInt(4)", "1 to 10");
            var held = reg(new Digit());
            held.set(digit);
            see(held.value.toSInt().mul(held.sign), "SInt(5)", "-9 to 9");
            var memory = memory(uint(range(3, 9)), 4).init(new long[] {3, 9});
            memory.write(at, digits.get(0).max(3));
            see(memory.read(at).add(1), "UInt(4)", "1 to 10");
            see(unpack(digit.asBits(), new Digit()).value.add(1), "UInt(4)", "1 to 10");
            see(plain, "UInt(8)", "0 to 255");
            see(plain.mul(3), "UInt(10)", "0 to 1023");
            see(plain.within(0, 99).mul(3), "UInt(9)", "0 to 297");
            see(plain.rem(10).within(0, 9).add(1), "UInt(4)", "1 to 10");
            see(sum(IntStream.range(0, 3).mapToObj(i -> plain.bits(i, i)).toList()), "UInt(2)", "0 to 3");
            see(sum(List.of(plain, plain, plain)), "UInt(10)", "0 to 765");
            see(lit(7).range().times(Range.of(-1, 1)).sintWidth() == 4 ? plain : digit.value, "UInt(8)", "0 to 255");
            // What is proven to fit needs no word.
            var narrow = wire(uint(2));
            narrow.set(digit.value.min(3).extend(8));
            see(narrow, "UInt(2)", "0 to 3");
            var same = wire(uint(range(0, 18)));
            same.set(digit.value.add(digits.get(2)));
            see(same, "UInt(5)", "0 to 18");
        }

        private void see(UInt value, String type, String range) {
            see(value, value.range(), type, range);
        }

        private void see(SInt value, String type, String range) {
            see(value, value.range(), type, range);
        }

        private void see(Data value, Range found, String type, String range) {
            var port = out(like(value));
            port.set(value);
            known.add(
                    found.equals(parsed(range)) && value.toString().endsWith(type)
                            ? ""
                            : value + " is " + found + ", not " + type + " of " + range);
        }

        private static Range parsed(String text) {
            var ends = text.split(" to ");
            return Range.of(Long.parseLong(ends[0]), Long.parseLong(ends[1]));
        }
    }

    @Test
    void rangesFollowTheValues() {
        var design = Circuit.of(Everywhere::new);
        assertThat(design.top().known)
                .hasSize(16)
                .allSatisfy(found -> assertThat(found).isEmpty());
    }

    /** All operators on some ranges, for lint tools. */
    static final class Everything extends Module {
        Everything() {
            unsigned(in(uint(range(0, 9))), in(uint(range(2, 3))));
            unsigned(in(uint(range(5, 5))), in(uint(8)).within(1, 100));
            signed(in(sint(range(-1, 1))), in(sint(8)));
            signed(in(sint(range(-9, -2))), in(sint(8)).within(3, 100));
        }

        private void unsigned(UInt a, UInt b) {
            Stream.of(a.add(b), a.sub(b), a.mul(b), a.wrapAdd(b), a.wrapSub(b), a.neg(), a.min(b), a.max(b), a.div(b))
                    .forEach(this::port);
            Stream.of(a.rem(b), a.shl(2), a.shr(2), a.shl(b.min(3)), a.shr(b), a.and(b), a.or(b), a.xor(b), a.toSInt())
                    .forEach(this::port);
            Stream.of(
                            a.add(7),
                            a.mul(5),
                            a.div(3),
                            a.saturate(2),
                            a.truncate(1),
                            a.extend(12).add(b),
                            sum(List.of(a, b, a)))
                    .forEach(this::port);
            Stream.of(a.lt(b), a.le(4), a.eq(b), a.gt(20)).forEach(this::port);
            port(mux(a.lt(b), a, b));
        }

        private void signed(SInt a, SInt b) {
            Stream.of(a.add(b), a.sub(b), a.mul(b), a.wrapAdd(b), a.wrapSub(b), a.neg(), a.min(b), a.max(b), a.div(b))
                    .forEach(this::port);
            Stream.of(a.rem(b), a.shl(2), a.shr(2), a.shl(b.abs().min(3)), a.shr(b.abs()), a.abs(), b.abs())
                    .forEach(this::port);
            Stream.of(
                            a.add(-7),
                            a.mul(5),
                            a.div(3),
                            a.saturate(2),
                            a.truncate(1),
                            a.extend(12).add(b),
                            sum(List.of(a, b, a)))
                    .forEach(this::port);
            Stream.of(a.lt(b), a.le(-4), a.eq(b), a.gt(20)).forEach(this::port);
            port(mux(a.lt(b), a, b));
        }

        private void port(Data value) {
            out(like(value)).set(value);
        }
    }

    /** Proven claims cost nothing, so that a module without state gets no clock. */
    static final class Proven extends Module {
        Proven() {
            var a = in(uint(range(0, 9)));
            var o = out(uint(range(1, 10)));
            o.set(a.add(1).within(0, 12).within(1, 10));
            var always = out(bool());
            always.set(a.lt(10));
            out(uint(4)).set(a.min(20).max(0).saturate(4));
        }
    }

    @Test
    void whatIsProvenIsNotComputed() {
        var top = Circuit.of(Proven::new).circuit().top();
        assertThat(top.usesClock()).isFalse();
        assertThat(top.body().toString()).contains("always_ := 1").doesNotContain("?", "<");
    }

    static final class Wrong extends Module {
        final UInt digit = in(uint(range(0, 9)));
        final SInt s = in(sint(8));

        Wrong() {
            var small = out(uint(range(0, 5)));
            small.set(digit);
            small.set(digit.min(5).add(1));
            small.set(7);
            var trit = out(sint(range(-1, 1)));
            trit.set(s);
            var r = reg(uint(range(2, 4))).init(0);
            r.set(digit.within(12, 15).min(4).max(2));
            when(digit.eq(12), () -> r.set(2));
            var memory = memory(uint(range(0, 9)), 2).init(new long[] {3, 10});
            memory.write(digit.truncate(1), 11);
            out(uint(4)).set(memory.readAsync(digit.truncate(1)));
            var narrow = out(uint(3));
            narrow.set(digit);
        }
    }

    @Test
    void whatIsNotProvenIsAnError() {
        Reports.assertRejected(RangesTest.class, Wrong::new, """
                [small.set(digit);]: error[range]: 'digit' of UInt(4) with 0 to 9 cannot drive 'small' of UInt(3) with 0 to 5: it can be 9, the target holds 0 to 5
                    [final UInt digit = in(uint(range(0, 9)));]  the value, 4 bits
                    [var small = out(uint(range(0, 5)));]  the target, 3 bits
                    hint: say what is meant: within(0, 5) if it is never outside (checked in simulation), min(5) for the nearest value
                [small.set(digit.min(5).add(1));]: error[range]: a value of UInt(3) with 1 to 6 cannot drive 'small' of UInt(3) with 0 to 5: it can be 6, the target holds 0 to 5
                    [var small = out(uint(range(0, 5)));]  the target, 3 bits
                    hint: say what is meant: within(0, 5) if it is never outside (checked in simulation), min(5) for the nearest value
                [small.set(7);]: error[literal-range]: 7 does not fit 'small' of UInt(3) with 0 to 5, which holds 0 to 5
                [trit.set(s);]: error[range]: 's' of SInt(8) cannot drive 'trit' of SInt(2) with -1 to 1: it can be 127, the target holds -1 to 1
                    [final SInt s = in(sint(8));]  the value, 8 bits
                    [var trit = out(sint(range(-1, 1)));]  the target, 2 bits
                    hint: say what is meant: within(-1, 1) if it is never outside (checked in simulation), min(1).max(-1) for the nearest value
                [var r = reg(uint(range(2, 4))).init(0);]: error[literal-range]: 0 does not fit 'r' of UInt(3) with 2 to 4, which holds 2 to 4
                [r.set(digit.within(12, 15).min(4).max(2));]: error[range]: within(12, 15) of 'digit' of UInt(4) with 0 to 9, which is 0 to 9 always
                    hint: check the claim
                [when(digit.eq(12), () -> r.set(2));]: error[literal-range]: 12 does not fit 'digit' of UInt(4) with 0 to 9, which holds 0 to 9
                [var memory = memory(uint(range(0, 9)), 2).init(new long[] {3, 10});]: error[memory-init]: initial word 1, 10, does not fit UInt(4), which holds 0 to 9
                [memory.write(digit.truncate(1), 11);]: error[literal-range]: 11 does not fit a value of UInt(4) with 0 to 9, which holds 0 to 9
                [narrow.set(digit);]: error[range]: 'digit' of UInt(4) with 0 to 9 cannot drive 'narrow' of UInt(3): it can be 9, the target holds 0 to 7
                    [final UInt digit = in(uint(range(0, 9)));]  the value, 4 bits
                    [var narrow = out(uint(3));]  the target, 3 bits
                    hint: say what is meant: within(0, 7) if it is never outside (checked in simulation), min(7) for the nearest value
                10 errors
                """);
    }

    @Test
    void rangesAreInOrder() {
        assertThatThrownBy(() -> Hdl.range(7, 0))
                .isInstanceOf(HdlException.class)
                .hasMessageContaining("error[range]: a range of 7 to 0");
        assertThatThrownBy(() -> Hdl.uint(Hdl.range(-1, 1)))
                .isInstanceOf(HdlException.class)
                .hasMessageContaining("error[range]: an unsigned number of -1 to 1");
        assertThat(Stream.of(Range.of(0, 1), Range.of(-1, 0), Range.of(-8, 7), Range.of(-9, 0), Range.of(0, 8))
                        .map(Range::sintWidth))
                .containsExactly(2, 1, 4, 5, 5);
    }
}
