// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Range;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.sim.engine.RequireException;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Test;

/** Results as narrow as ranges prove, the same values on every engine. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class RangeTest {
    /** A result, what it is, and whether its width is the least possible. */
    private record Result(Data port, LongBinaryOperator expected, boolean least) {}

    /** Every operator on two numbers, unsigned and signed, of some ranges. */
    static final class Operators extends Module {
        final UInt a;
        final UInt b;
        final SInt s;
        final SInt t;
        final Bool c = in(bool());
        private final Map<String, Result> unsigned = new LinkedHashMap<>();
        private final Map<String, Result> signed = new LinkedHashMap<>();

        Operators(Range ua, Range ub, Range sa, Range sb) {
            a = in(uint(ua));
            b = in(uint(ub));
            s = in(sint(sa));
            t = in(sint(sb));
            exact("add", a.add(b), s.add(t), (x, y) -> x + y);
            exact("add_constant", a.add(5), s.add(-5), null);
            exact("sub", a.sub(b), s.sub(t), (x, y) -> x - y);
            exact("sub_constant", a.sub(1), s.sub(1), (x, y) -> x - 1);
            exact("mul", a.mul(b), s.mul(t), (x, y) -> x * y);
            exact("mul_constant", a.mul(3), s.mul(3), (x, y) -> x * 3);
            exact("neg", a.neg(), s.neg(), (x, y) -> -x);
            exact("min", a.min(b), s.min(t), Math::min);
            exact("max", a.max(b), s.max(t), Math::max);
            exact("min_constant", a.min(4), s.min(4), (x, y) -> Math.min(x, 4));
            exact("max_constant", a.max(4), s.max(4), (x, y) -> Math.max(x, 4));
            exact("shl", a.shl(2), s.shl(2), (x, y) -> x << 2);
            exact("shr", a.shr(2), s.shr(2), (x, y) -> x >> 2);
            exact("div", a.div(3), s.div(3), (x, y) -> x / 3);
            exact("sum", sum(List.of(a, b, a)), sum(List.of(s, t, s)), (x, y) -> x + y + x);
            exact("mux", mux(lit(true), a, b), mux(lit(true), s, t), null);
            exact("extended", a.extend(9).add(b), s.extend(9).add(t), (x, y) -> x + y);
            exact("saturated", a.saturate(3).add(b), s.saturate(3).add(t), null);
            exact("signed", a.toSInt(), s.abs(), null);
            exact("reread", a.asSInt().asUInt().asUFix(0).raw(), s, null);
            bound("wrap_add", a.wrapAdd(b), s.wrapAdd(t), null);
            bound("wrap_sub", a.wrapSub(b), s.wrapSub(t), null);
            bound("rem", a.rem(b), s.rem(t), (x, y) -> y == 0 ? x : x % y);
            bound("div_any", a.div(b), s.div(t), null);
            bound("and", a.and(b), s, null);
            bound("or", a.or(b), s, null);
            bound("xor", a.xor(b), s, null);
            bound("shl_any", a.shl(b.min(3).add(0).asUInt()), s.shl(b.min(3)), null);
            bound("shr_any", a.shr(b), s.shr(b), null);
            bound("truncate", a.truncate(1), s.truncate(1), null);
            var c = this.c;
            exact("chosen", mux(c, a, b), mux(c, s, t), null);
            truth("lt", a.lt(b), s.lt(t), (x, y) -> x < y ? 1 : 0);
            truth("le_constant", a.le(4), s.le(4), (x, y) -> x <= 4 ? 1 : 0);
            truth("gt_constant", a.gt(4), s.gt(-4), null);
        }

        private void exact(String name, Data u, Data v, LongBinaryOperator expected) {
            add(name, u, v, expected, true);
        }

        private void bound(String name, Data u, Data v, LongBinaryOperator expected) {
            add(name, u, v, expected, false);
        }

        private void truth(String name, Data u, Data v, LongBinaryOperator expected) {
            add(name, u, v, expected, false);
        }

        private void add(String name, Data u, Data v, LongBinaryOperator expected, boolean least) {
            var forUnsigned = named(out(like(u)), name + "_u");
            forUnsigned.set(u);
            var forSigned = named(out(like(v)), name + "_s");
            forSigned.set(v);
            LongBinaryOperator whenUnsigned = expected;
            LongBinaryOperator whenSigned = expected;
            boolean choose = false;
            switch (name) {
                case "add_constant" -> {
                    whenUnsigned = (x, y) -> x + 5;
                    whenSigned = (x, y) -> x - 5;
                }
                case "mux", "signed", "reread", "chosen" -> {
                    whenUnsigned = (x, y) -> x;
                    whenSigned = name.equals("signed") ? (x, y) -> Math.abs(x) : (x, y) -> x;
                }
                case "saturated" -> {
                    whenUnsigned = (x, y) -> Math.min(x, 7) + y;
                    whenSigned = (x, y) -> Math.max(-4, Math.min(x, 3)) + y;
                }
                case "wrap_add" -> {
                    whenUnsigned = (x, y) -> x + y & mask(Math.max(a.width(), b.width()));
                    whenSigned = (x, y) -> wrap(x + y, Math.max(s.width(), t.width()));
                }
                case "wrap_sub" -> {
                    whenUnsigned = (x, y) -> x - y & mask(Math.max(a.width(), b.width()));
                    whenSigned = (x, y) -> wrap(x - y, Math.max(s.width(), t.width()));
                }
                case "div_any" -> {
                    int w = forUnsigned.width();
                    whenUnsigned = (x, y) -> y == 0 ? mask(w) : x / y;
                    whenSigned = (x, y) -> y == 0 ? -1 : x / y;
                }
                case "and" -> whenUnsigned = (x, y) -> x & y;
                case "or" -> whenUnsigned = (x, y) -> x | y;
                case "xor" -> whenUnsigned = (x, y) -> x ^ y;
                case "shl_any" -> whenUnsigned = (x, y) -> x << Math.min(y, 3);
                case "shr_any" -> whenUnsigned = (x, y) -> x >> y;
                case "truncate" -> {
                    whenUnsigned = (x, y) -> x & 1;
                    whenSigned = (x, y) -> wrap(x, 1);
                }
                case "gt_constant" -> {
                    whenUnsigned = (x, y) -> x > 4 ? 1 : 0;
                    whenSigned = (x, y) -> x > -4 ? 1 : 0;
                }
                default -> {
                    // given
                }
            }
            if (whenUnsigned != null) {
                unsigned.put(name, new Result(forUnsigned, whenUnsigned, least));
            }
            if (whenSigned != null) {
                signed.put(name, new Result(forSigned, whenSigned, least));
            }
        }

        private static long mask(int width) {
            return (1L << width) - 1;
        }

        private static long wrap(long value, int width) {
            return value << 64 - width >> 64 - width;
        }
    }

    private final EngineKind engine;

    RangeTest(EngineKind engine) {
        this.engine = engine;
    }

    /** Of two unsigned and two signed operands. */
    private static final long[][] RANGES = {
        {0, 9, 0, 3, -1, 1, -128, 127},
        {3, 12, 2, 5, -7, -2, 1, 6},
        {0, 4, 6, 7, -1, 1, -1, 1},
        {5, 5, 0, 1, -9, 3, 0, 2},
        {0, 7, 0, 7, -4, 3, -4, 3}
    };

    /** Number of products, ranges of weights and activations. */
    private static final int[][] DOTS = {
        {64, -1, 1, -128, 127}, {64, -1, 1, -127, 127}, {63, -1, 1, -127, 127}, {16, -8, 7, -128, 127}, {5, 0, 1, 0, 1}
    };

    /** Each is a model to build for engines that build. */
    private <T> List<T> few(T[] all) {
        boolean one = engine != EngineKind.EMBEDDED && !Boolean.getBoolean("lutra.deep");
        return Arrays.asList(all).subList(0, one ? 1 : all.length);
    }

    @Test
    void resultsAreExactAndAsNarrowAsTheirValues() {
        for (long[] r : few(RANGES)) {
            var design = Circuit.of(() -> new Operators(
                    Range.of(r[0], r[1]), Range.of(r[2], r[3]), Range.of(r[4], r[5]), Range.of(r[6], r[7])));
            var top = design.top();
            try (var sim = engine.open(design)) {
                all(sim, top.unsigned, top, top.a, r[0], r[1], top.b, r[2], r[3], false);
                all(sim, top.signed, top, top.s, r[4], r[5], top.t, r[6], r[7], true);
            }
        }
    }

    private static void all(
            Simulator sim,
            Map<String, Result> results,
            Operators top,
            Data left,
            long least,
            long most,
            Data right,
            long leastRight,
            long mostRight,
            boolean signed) {
        var seen = new LinkedHashMap<String, Range>();
        sim.poke(top.c, true);
        sim.poke(top.b, top.b.range().min());
        for (long x = least; x <= most; x++) {
            for (long y = leastRight; y <= mostRight; y++) {
                sim.poke(left, x);
                sim.poke(right, y);
                for (var entry : results.entrySet()) {
                    long expected = entry.getValue().expected.applyAsLong(x, y);
                    assertThat(sim.peek(entry.getValue().port))
                            .as("%s of %d and %d in %s, %s", entry.getKey(), x, y, left, right)
                            .isEqualTo(expected);
                    seen.merge(entry.getKey(), Range.of(expected, expected), Range::hull);
                }
            }
        }
        results.forEach((name, result) -> {
            var values = seen.get(name);
            if (name.equals("chosen") || name.equals("mux")) {
                values = values.hull(Range.of(leastRight, mostRight));
            }
            boolean isSigned = result.port instanceof SInt;
            if (result.least && (result.port instanceof UInt || isSigned)) {
                assertThat(result.port.width())
                        .as("width of %s in %s, %s: %s", name, left, right, values)
                        .isEqualTo(isSigned ? values.sintWidth() : values.uintWidth());
            }
        });
    }

    /** A dot product of low-bit numbers: the language finds the widths of the whole tree. */
    static final class Dot extends Module {
        final Vec<SInt> weights;
        final Vec<SInt> activations;
        final SInt product;
        final SInt dot;

        Dot(int n, Range weight, Range activation) {
            weights = in(vec(n, i -> sint(weight)));
            activations = in(vec(n, i -> sint(activation)));
            var products = new ArrayList<SInt>();
            for (int i = 0; i < n; i++) {
                products.add(weights.get(i).mul(activations.get(i)));
            }
            product = products.get(0);
            var total = sum(products);
            dot = out(sint(total.range()));
            dot.set(total);
        }
    }

    @Test
    void aDotProductHasTheLeastWidth() {
        var random = new SplittableRandom(3);
        for (int[] c : few(DOTS)) {
            var weight = Range.of(c[1], c[2]);
            var activation = Range.of(c[3], c[4]);
            var design = Circuit.of(() -> new Dot(c[0], weight, activation));
            var top = design.top();
            // By the definition, not by the rules of the language: the extreme of one product, times the number of
            // products.
            var least = BigInteger.valueOf(Long.MAX_VALUE);
            var most = BigInteger.valueOf(Long.MIN_VALUE);
            for (long w = c[1]; w <= c[2]; w++) {
                for (long a = c[3]; a <= c[4]; a++) {
                    least = least.min(BigInteger.valueOf(w * a * c[0]));
                    most = most.max(BigInteger.valueOf(w * a * c[0]));
                }
            }
            assertThat(top.dot.range()).isEqualTo(new Range(least, most));
            int width = 1;
            while (BigInteger.ONE.shiftLeft(width - 1).compareTo(most) <= 0
                    || BigInteger.ONE.shiftLeft(width - 1).negate().compareTo(least) > 0) {
                width++;
            }
            assertThat(top.dot.width()).isEqualTo(width);
            try (var sim = engine.open(design)) {
                for (int round = 0; round < 20; round++) {
                    long expected = 0;
                    for (int i = 0; i < c[0]; i++) {
                        long w = round == 0 ? c[1] : round == 1 ? c[2] : c[1] + random.nextInt(c[2] - c[1] + 1);
                        long a = round < 2 ? c[3] : c[3] + random.nextInt(c[4] - c[3] + 1);
                        sim.poke(top.weights.get(i), w);
                        sim.poke(top.activations.get(i), a);
                        expected += w * a;
                    }
                    assertThat(sim.peek(top.dot)).isEqualTo(expected);
                }
                assertThatThrownBy(() -> sim.poke(top.weights.get(0), c[2] + 1))
                        .isInstanceOf(SimulationException.class)
                        .hasMessageContaining(c[2] + 1 + " does not fit")
                        .hasMessageContaining(weight.toString());
            }
        }
    }

    /** An element of a systolic array that is cleared after at most so many products. */
    static final class Accumulator extends Module {
        final SInt weight = in(sint(range(-1, 1)));
        final SInt activation = in(sint(range(-127, 127)));
        final Bool clear = in(bool());
        final SInt sum;

        Accumulator(int terms) {
            var product = weight.mul(activation);
            var acc = reg(sint(product.range().sum(terms))).init(0);
            when(clear, () -> acc.set(0)).otherwise(() -> {
                var next = acc.add(product);
                acc.set(next.within(acc.range()));
            });
            sum = out(like(acc));
            sum.set(acc);
        }
    }

    @Test
    void aClaimIsChecked() {
        var design = Circuit.of(() -> new Accumulator(64));
        var top = design.top();
        assertThat(top.sum.width()).isEqualTo(14); // 64 x 127 = 8128 < 2^13
        try (var sim = engine.open(design)) {
            sim.reset(1);
            sim.poke(top.weight, -1);
            sim.poke(top.activation, 127);
            sim.step(64);
            assertThat(sim.peek(top.sum)).isEqualTo(-8128);
            sim.poke(top.clear, true);
            sim.step(1);
            sim.poke(top.clear, false);
            sim.step(64);
            assertThatThrownBy(() -> sim.step(1))
                    .isInstanceOf(RequireException.class)
                    .hasMessageContaining("not within -8128 to 8128")
                    .hasMessageContaining("next = -8255");
        }
    }
}
