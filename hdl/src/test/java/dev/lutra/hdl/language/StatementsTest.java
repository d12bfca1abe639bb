// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.ir.Statement;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What statements become. */
class StatementsTest {
    private static String body(Supplier<? extends Module> top) {
        return text(Circuit.of(top::get).circuit().top());
    }

    private static String text(dev.lutra.hdl.ir.Module module) {
        return module.body().stream().map(Statement::toString).collect(Collectors.joining("\n"));
    }

    enum State {
        IDLE,
        RUN,
        DONE
    }

    static final class Conditions extends Module {
        final UInt a = in(uint(4));
        final Bool c = in(bool());
        final UInt o = out(uint(4));
        final UInt r = reg(uint(4)).init(9);

        Conditions() {
            o.set(0);
            when(c, () -> {
                        o.set(1);
                        when(a.eq(3), () -> o.set(a));
                    })
                    .elseWhen(a.bit(0).and(a.lt(7)), () -> r.set(a))
                    .otherwise(() -> o.set(2));
            when(c, () -> {});
        }
    }

    @Test
    void conditionsNest() {
        assertThat(body(Conditions::new)).isEqualTo("""
                        o := 0
                        when c [o := 1, when (a == 3) [o := a]] otherwise [when (a[0:0] & (a < 7)) [r := a] otherwise [o := 2]]""");
        assertThat(Circuit.of(Conditions::new)
                        .circuit()
                        .top()
                        .registers()
                        .get(0)
                        .init())
                .isEqualTo(9);
    }

    static final class ConditionInPlace extends Module {
        final UInt a = in(uint(4));
        final UInt o = out(uint(4));

        ConditionInPlace() {
            o.set(a);
            when(a.lt(3), () -> o.set(0)).elseWhen(a.gt(7), () -> o.set(1));
            switchOn(a.truncate(2)).is(1, () -> o.set(2));
        }
    }

    @Test
    void aConditionIsUsedAlthoughTheChainIsNot() {
        assertThat(body(ConditionInPlace::new)).contains("when (a < 3)", "when (a > 7)", "switch UInt(2)(a)");
    }

    static final class Choices extends Module {
        final UInt a = in(uint(4));
        final UInt o = out(uint(4));
        final EnumSignal<State> state = reg(enumOf(State.class)).init(State.IDLE);

        Choices() {
            switchOn(a)
                    .is(1, () -> o.set(2))
                    .is(new long[] {2, 5}, () -> o.set(3))
                    .otherwise(() -> o.set(a));
            switchOn(state)
                    .is(State.IDLE, () -> state.set(State.RUN))
                    .is(List.of(State.RUN, State.DONE), () -> when(a.eq(0), () -> state.set(State.IDLE)));
        }
    }

    @Test
    void choices() {
        assertThat(body(Choices::new)).isEqualTo("""
                        switch a [is [1] [o := 2], is [2, 5] [o := 3]] otherwise [o := a]
                        switch state [is [0] [state := RUN], is [1, 2] [when (a == 0) [state := IDLE]]]""");
    }

    static final class Vectors extends Module {
        final Vec<UInt> v = in(vec(3, i -> uint(4)));
        final Vec<UInt> w = reg(vec(3, i -> uint(4))).init(1);
        final UInt i = in(uint(2));
        final UInt o = out(uint(4));

        Vectors() {
            o.set(v.get(i));
            w.set(v);
            w.set(i, v.get(1));
        }
    }

    @Test
    void vectors() {
        assertThat(body(Vectors::new)).isEqualTo("""
                        o := [v_0, v_1, v_2][i]
                        w_0 := v_0
                        w_1 := v_1
                        w_2 := v_2
                        switch i [is [0] [w_0 := v_1], is [1] [w_1 := v_1], is [2] [w_2 := v_1]]""");
    }

    static final class Item extends Bundle {
        final UInt key = field(uint(3));
        final Bool last = field(bool());
    }

    static final class Streams extends Module {
        final Decoupled<Item> source = in(decoupled(new Item()));
        final Decoupled<Item> sink = out(decoupled(new Item()));
        final Item chosen = out(new Item());
        final Bool moved = out(bool());

        Streams() {
            sink.set(source);
            moved.set(source.fire());
            chosen.set(mux(moved, source.bits, vec(2, i -> sink.bits).get(source.bits.key)));
        }
    }

    @Test
    void streamsAndBundles() {
        var top = Circuit.of(Streams::new).circuit().top();
        assertThat(top.ports())
                .extracting(Object::toString)
                .startsWith(
                        "IN source_valid: Bool",
                        "OUT source_ready: Bool",
                        "IN source_bits_key: UInt(3)",
                        "IN source_bits_last: Bool",
                        "OUT sink_valid: Bool",
                        "IN sink_ready: Bool");
        assertThat(text(top)).isEqualTo("""
                        sink_valid := source_valid
                        source_ready := sink_ready
                        sink_bits_key := source_bits_key
                        sink_bits_last := source_bits_last
                        moved := (source_valid & source_ready)
                        chosen_key := mux(moved, source_bits_key, [sink_bits_key, sink_bits_key][source_bits_key])
                        chosen_last := mux(moved, source_bits_last, [sink_bits_last, sink_bits_last][source_bits_key])""");
    }

    static final class Memories extends Module {
        final UInt a = in(uint(4));
        final UInt d = in(uint(8));
        final Bool we = in(bool());
        final UInt o = out(uint(8));

        Memories() {
            var m = memory(uint(8), 10).init(new long[] {7, 8});
            var q = m.read(a, we);
            when(we, () -> {
                m.write(a, d);
                m.write(a, d, a.asBits().bits(1, 0));
                m.write(a, 5);
            });
            o.set(q.wrapAdd(m.readAsync(a)));
        }
    }

    @Test
    void memories() {
        var top = Circuit.of(Memories::new).circuit().top();
        assertThat(text(top)).isEqualTo("""
                        when we [m[a] := d, m[a] := d mask as(a)[1:0], m[a] := 5]
                        o := (q + m_q)""".replace("as(a)", "m_reinterpret"));
        var memory = top.memories().get(0);
        assertThat(memory.depth()).isEqualTo(10);
        assertThat(memory.maskBits()).isEqualTo(2);
        assertThat(memory.init()).extracting(Number::intValue).containsExactly(7, 8);
        assertThat(top.readPorts()).extracting(p -> p.name() + p.latency()).containsExactly("q1", "m_q0");
        assertThat(top.usesClock()).isTrue();
        assertThat(top.usesReset()).isFalse();
    }

    static final class Combinational extends Module {
        final UInt a = in(uint(4));
        final UInt o = out(uint(4));

        Combinational() {
            doc("Looks squares up.");
            o.set(memory(uint(4), 4).init(new long[] {0, 1, 4, 9}).readAsync(a.truncate(2)));
        }
    }

    @Test
    void aLookUpTableNeedsNoClock() {
        var top = Circuit.of(Combinational::new).circuit().top();
        assertThat(top.usesClock()).isFalse();
        assertThat(top.doc()).containsExactly("Looks squares up.");
    }

    static final class Shared extends Module {
        final UInt a = in(uint(8));
        final UInt o = out(uint(8));
        final Bool c = out(bool());

        Shared() {
            o.set(twice(a.wrapAdd(7)));
            c.set(a.wrapAdd(1).bit(3));
        }

        private static UInt twice(UInt x) {
            return x.xor(x.shlWrap(x));
        }
    }

    @Test
    void aValueUsedTwiceOrSlicedGetsAName() {
        assertThat(body(Shared::new)).isEqualTo("o := (o_add ^ (o_add << o_add))\nc := c_add[3:3]");
    }

    static final class Long extends Module {
        final UInt a = in(uint(8));
        final UInt o = out(uint(8));

        Long() {
            o.set(java.util.stream.IntStream.range(0, 5000)
                    .mapToObj(i -> a.xor(i & 255))
                    .reduce(a, (x, y) -> x.wrapAdd(y)));
        }
    }

    @Test
    void longExpressionsAreCut() {
        var top = Circuit.of(Long::new).circuit().top();
        assertThat(top.nodes()).hasSizeBetween(200, 700);
    }
}
