// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Type and structure of what each operator makes. */
class OperatorsTest {
    enum State {
        IDLE,
        RUN,
        DONE
    }

    /** Operands of all kinds and one result. */
    static final class Operands extends Module {
        final UInt a = in(uint(8));
        final UInt b = in(uint(5));
        final SInt s = in(sint(8));
        final SInt t = in(sint(5));
        final Bool c = in(bool());
        final Bool d = in(bool());
        final Bits p = in(bits(8));
        final Bits q = in(bits(8));
        final EnumSignal<State> e = in(enumOf(State.class));

        Operands(Function<Operands, Data> operation) {
            var result = operation.apply(this);
            var o = out(like(result));
            o.set(result);
        }
    }

    private static Arguments op(String text, String type, Function<Operands, Data> operation) {
        return Arguments.of(text, type, operation);
    }

    static Stream<Arguments> operators() {
        return Stream.of(
                op("(a + b)", "UInt(9)", m -> m.a.add(m.b)),
                op("(a + 1)", "UInt(9)", m -> m.a.add(1)),
                op("(b + 255)", "UInt(9)", m -> m.b.add(255)),
                op("(a - b)", "SInt(9)", m -> m.a.sub(m.b)),
                op("(a * b)", "UInt(13)", m -> m.a.mul(m.b)),
                op("(a * 3)", "UInt(10)", m -> m.a.mul(3)),
                op("(a + b)", "UInt(8)", m -> m.a.wrapAdd(m.b)),
                op("(b - a)", "UInt(8)", m -> m.b.wrapSub(m.a)),
                op("(a / b)", "UInt(8)", m -> m.a.div(m.b)),
                op("(a % b)", "UInt(8)", m -> m.a.rem(m.b)),
                op("neg(a)", "SInt(9)", m -> m.a.neg()),
                op("mux((a < b), a, UInt(8)(b))", "UInt(8)", m -> m.a.min(m.b)),
                op("mux((a > b), a, UInt(8)(b))", "UInt(8)", m -> m.a.max(m.b)),
                op("(a << 3)", "UInt(11)", m -> m.a.shl(3)),
                op("a", "UInt(8)", m -> m.a.shl(0)),
                op("(a << UInt(3)(b))", "UInt(15)", m -> m.a.shl(m.b.truncate(3))),
                op("(a << b)", "UInt(8)", m -> m.a.shlWrap(m.b)),
                op("(a >> 3)", "UInt(5)", m -> m.a.shr(3)),
                op("(a >> 9)", "UInt(1)", m -> m.a.shr(9)),
                op("(a >> b)", "UInt(8)", m -> m.a.shr(m.b)),
                op("(a & b)", "UInt(8)", m -> m.a.and(m.b)),
                op("(a | 3)", "UInt(8)", m -> m.a.or(3)),
                op("(a ^ b)", "UInt(8)", m -> m.a.xor(m.b)),
                op("not(a)", "UInt(8)", m -> m.a.not()),
                op("a[6:2]", "UInt(5)", m -> m.a.bits(6, 2)),
                op("a[7:7]", "Bool", m -> m.a.bit(7)),
                op("(a == b)", "Bool", m -> m.a.eq(m.b)),
                op("(a == 7)", "Bool", m -> m.a.eq(7)),
                op("(a <= 7)", "Bool", m -> m.a.le(7)),
                op("1", "Bool", m -> m.a.le(255)),
                op("0", "Bool", m -> m.a.lt(0)),
                op("1", "Bool", m -> m.a.lt(1000)),
                op("0", "Bool", m -> m.a.gt(255)),
                op("UInt(3)(a)", "UInt(3)", m -> m.a.truncate(3)),
                op("UInt(12)(a)", "UInt(12)", m -> m.a.extend(12)),
                op("(s + t)", "SInt(9)", m -> m.s.add(m.t)),
                op("(s + -1)", "SInt(9)", m -> m.s.add(-1)),
                op("(s - t)", "SInt(9)", m -> m.s.sub(m.t)),
                op("(s * t)", "SInt(13)", m -> m.s.mul(m.t)),
                op("(s / t)", "SInt(9)", m -> m.s.div(m.t)),
                op("(s % t)", "SInt(8)", m -> m.s.rem(m.t)),
                op("neg(s)", "SInt(9)", m -> m.s.neg()),
                op("(s >> 2)", "SInt(6)", m -> m.s.shr(2)),
                op("(s >> b)", "SInt(8)", m -> m.s.shr(m.b)),
                op("(s << 2)", "SInt(10)", m -> m.s.shl(2)),
                op("s[6:2]", "Bits(5)", m -> m.s.bits(6, 2)),
                op("(s >= 0)", "Bool", m -> m.s.ge(0)),
                op("1", "Bool", m -> m.s.ge(-128)),
                op("(c & d)", "Bool", m -> m.c.and(m.d)),
                op("(c & not(d))", "Bool", m -> m.c.andNot(m.d)),
                op("(p ^ q)", "Bits(8)", m -> m.p.xor(m.q)),
                op("(p & 15)", "Bits(8)", m -> m.p.and(15)),
                op("or_r(p)", "Bool", m -> m.p.orR()),
                op("and_r(a)", "Bool", m -> m.a.andR()),
                op("xor_r(s)", "Bool", m -> m.s.xorR()),
                op("{c, a, s}", "Bits(17)", m -> Module.cat(m.c, m.a, m.s)),
                op("{c, c, c}", "Bits(3)", m -> Module.fill(3, m.c)),
                op("mux(c, a, UInt(8)(b))", "UInt(8)", m -> Module.mux(m.c, m.a, m.b)),
                op("mux(c, SInt(8)(t), s)", "SInt(8)", m -> Module.mux(m.c, m.t, m.s)),
                op("mux(c, a, UInt(8)(0))", "UInt(8)", m -> Module.mux(m.c, m.a, 0)),
                op("(e == RUN)", "Bool", m -> m.e.eq(State.RUN)),
                op("mux(c, e, DONE)", "State(2)", m -> Module.mux(m.c, m.e, Module.lit(State.DONE))),
                op("SInt(4)(mux((result_mux > -8), result_mux, SInt(8)(-8)))", "SInt(4)", m -> m.s.saturate(4)),
                op("UInt(8)(s)", "UInt(8)", m -> m.s.asUInt()),
                op("SInt(8)(p)", "SInt(8)", m -> m.p.asSInt()),
                op("Bits(2)(e)", "Bits(2)", m -> m.e.asBits()),
                op("a", "UInt(8)", m -> m.a.asUInt()));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("operators")
    void typeAndStructure(String text, String type, Function<Operands, Data> operation) {
        var top = Circuit.of(() -> new Operands(operation)).circuit().top();
        var body = top.body();
        assertThat(body).hasSize(1);
        assertThat(top.ports().get(top.ports().size() - 1).type()).hasToString(type);
        var nodes = top.nodes();
        boolean named = body.get(0).toString().equals("o := result");
        String value = named
                ? nodes.get(nodes.size() - 1).value().toString()
                : body.get(0).toString();
        assertThat(value).isEqualTo(named ? text : "o := " + text);
    }
}
