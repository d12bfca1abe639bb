// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Fixed;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Rounding;
import dev.lutra.hdl.SFix;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UFix;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.junit.Engines;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Fixed point against decimal arithmetic, the same on every engine. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class FixedPointTest {
    private static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final BigDecimal HALF = new BigDecimal("0.5");

    /** Every operator on two operands of any formats. */
    static final class Operators<F extends Fixed<F>> extends Module {
        final F a;
        final F b;
        final Bool choose = in(bool());
        final UInt amount = in(uint(2));
        final Map<String, Fixed<?>> results = new LinkedHashMap<>();
        final Map<String, Bool> truths = new LinkedHashMap<>();

        Operators(F left, F right) {
            a = in(left);
            b = in(right);
            result("add", a.add(b));
            result("sub", a.sub(b));
            result("mul", a.mul(b));
            result("neg", a.neg());
            result("min", a.min(b));
            result("max", a.max(b));
            result("mux", mux(choose, a, b));
            result("plus", a.add(2.625));
            result("minus", a.sub(0.0625));
            result("times", a.mul(1.5));
            result("shl", a.shl(3));
            result("shr", a.shr(3));
            result("shift_left", a.shl(amount));
            result("shift_right", a.shr(amount));
            result("wrap_add", a.wrapAdd(b));
            result("wrap_sub", a.wrapSub(b));
            if (a instanceof SFix s) {
                result("abs", s.abs());
            }
            if (a instanceof UFix u) {
                result("signed", u.toSFix());
            }
            truth("eq", a.eq(b));
            truth("ne", a.ne(b));
            truth("lt", a.lt(b));
            truth("le", a.le(b));
            truth("gt", a.gt(b));
            truth("ge", a.ge(b));
            truth("below", a.lt(0.3));
            truth("at_most", a.le(0.5));
            truth("above", a.gt(0.3));
            truth("at_least", a.ge(0.5));
        }

        private void result(String name, Fixed<?> value) {
            var port = named(out(like(value)), name + "_out");
            port.set(value);
            results.put(name, port);
        }

        private void truth(String name, Bool value) {
            var port = named(out(bool()), name + "_out");
            port.set(value);
            truths.put(name, port);
        }
    }

    /** Every way to lose bits. */
    static final class Narrow<F extends Fixed<F>> extends Module {
        final F x;
        final Map<Rounding, List<Fixed<?>>> rounded = new LinkedHashMap<>();
        final List<F> saturated = new ArrayList<>();
        final List<F> wrapped = new ArrayList<>();

        Narrow(F format) {
            x = in(format);
            for (Rounding rounding : Rounding.values()) {
                var all = new ArrayList<Fixed<?>>();
                for (int bits = x.fractionBits(); bits >= x.fractionBits() - 3; bits--) {
                    all.add(port("round_" + rounding + "_" + all.size(), x.round(bits, rounding)));
                }
                // Everything goes, and more.
                all.add(port("round_" + rounding + "_all", x.round(-x.integerBits(), rounding)));
                all.add(port("round_" + rounding + "_away", x.round(-x.integerBits() - 2, rounding)));
                rounded.put(rounding, all);
            }
            for (int bits = x.integerBits() + 1; bits > x.integerBits() - 3; bits--) {
                if (bits + x.fractionBits() > 0) {
                    saturated.add(port("saturate_" + saturated.size(), x.saturate(bits)));
                    wrapped.add(port("wrap_" + wrapped.size(), x.wrap(bits)));
                }
            }
        }

        private F port(String name, F value) {
            var port = named(out(like(value)), name);
            port.set(value);
            return port;
        }
    }

    /** A complex number. */
    static final class Sample extends Bundle {
        final SFix re = field(sfix(2, 6));
        final SFix im = field(sfix(2, 6));
    }

    /** Registers, bundles, vectors, memories, instances. */
    static final class Holder extends Module {
        final SFix x = in(sfix(2, 6));
        final UInt at = in(uint(2));
        final Bool write = in(bool());
        final Sample held = out(new Sample());
        final Vec<SFix> taps = out(vec(4, i -> sfix(3, 8)));
        final SFix tap = out(sfix(3, 8));
        final SFix stored = out(sfix(2, 6));
        final UFix sine = out(ufix(0, 8));
        final SInt raw = out(sint(8));
        final SFix back = out(sfix(2, 6));
        final SFix average = out(sfix(2, 6));

        Holder() {
            var sample = reg(new Sample());
            sample.init(1);
            sample.re.set(x);
            when(x.lt(0), () -> sample.im.set(-1.25)).otherwise(() -> sample.im.set(0.1, Rounding.HALF_EVEN));
            held.set(sample);

            var line = reg(vec(4, i -> sfix(3, 8))).init(-1);
            for (int i = 0; i < 4; i++) {
                if (i == 0) {
                    line.get(0).set(x);
                } else {
                    line.get(i).set(line.get(i - 1));
                }
            }
            taps.set(line);
            tap.set(line.get(at));

            var words = memory(sfix(2, 6), 4).init(new long[] {64, -64});
            when(write, () -> words.write(at, x)).otherwise(() -> words.write(lit(3), 1));
            stored.set(words.readAsync(at));
            var format = ufix(0, 8);
            var table = new BigInteger[4];
            for (int i = 0; i < 4; i++) {
                table[i] = format.encode(Math.sin(i * Math.PI / 8), Rounding.HALF_EVEN);
            }
            sine.set(memory(format, 4).init(table).readAsync(at));

            raw.set(x.raw());
            back.set(raw.asSFix(6));
            var sum = x.add(x.mul(x)).shr(1);
            average.set(sum.round(6, Rounding.HALF_EVEN).saturate(2));
        }
    }

    private final EngineKind engine;

    FixedPointTest(EngineKind engine) {
        this.engine = engine;
    }

    /** Formats of two operands, signed or not: wide ones, one and the same, points outside the bits. */
    private int[][] pairs() {
        return few(new int[][] {{30, 40, 8, 60}, {2, 1, 0, 7}, {4, 4, 4, 4}, {3, 5, 6, 2}, {5, -2, -1, 6}});
    }

    /** Formats of one operand. */
    private int[][] formats() {
        return few(new int[][] {{4, 4}, {9, -2}, {1, 6}, {-1, 7}, {7, 0}});
    }

    /** Each is a model to build for engines that build. */
    private int[][] few(int[][] all) {
        return engine != EngineKind.EMBEDDED && !Boolean.getBoolean("lutra.deep") ? Arrays.copyOf(all, 1) : all;
    }

    @Test
    void operatorsAreExact() {
        for (int[] f : pairs()) {
            var signed = Circuit.of(() -> new Operators<>(Module.sfix(f[0], f[1]), Module.sfix(f[2], f[3])));
            operators(signed);
            var unsigned = Circuit.of(() -> new Operators<>(Module.ufix(f[0], f[1]), Module.ufix(f[2], f[3])));
            operators(unsigned);
        }
    }

    private <F extends Fixed<F>> void operators(Elaboration<Operators<F>> design) {
        var top = design.top();
        try (var sim = engine.open(design)) {
            var random = new SplittableRandom(7);
            for (int i = 0; i < 300; i++) {
                var a = poke(sim, top.a, random);
                var b = poke(sim, top.b, random);
                boolean choose = random.nextBoolean();
                int amount = random.nextInt(4);
                sim.poke(top.choose, choose);
                sim.poke(top.amount, amount);
                var expected = new LinkedHashMap<String, BigDecimal>();
                expected.put("add", a.add(b));
                expected.put("sub", a.subtract(b));
                expected.put("mul", a.multiply(b));
                expected.put("neg", a.negate());
                expected.put("min", a.min(b));
                expected.put("max", a.max(b));
                expected.put("mux", choose ? a : b);
                expected.put("plus", a.add(new BigDecimal("2.625")));
                expected.put("minus", a.subtract(new BigDecimal("0.0625")));
                expected.put("times", a.multiply(new BigDecimal("1.5")));
                expected.put("shl", a.multiply(BigDecimal.valueOf(8)));
                expected.put("shr", a.divide(BigDecimal.valueOf(8)));
                expected.put("shift_left", a.multiply(TWO.pow(amount)));
                expected.put("shift_right", a.divide(TWO.pow(amount)));
                boolean signed = top.a instanceof SFix;
                int integers = Math.max(top.a.integerBits(), top.b.integerBits());
                expected.put("wrap_add", wrap(a.add(b), signed, integers));
                expected.put("wrap_sub", wrap(a.subtract(b), signed, integers));
                expected.put(signed ? "abs" : "signed", signed ? a.abs() : a);
                assertThat(expected.keySet()).isEqualTo(top.results.keySet());
                expected.forEach((name, value) -> assertThat(sim.peekDecimal(top.results.get(name)))
                        .as("%s of %s, %s (%s, %s)", name, a, b, top.a, top.b)
                        .isEqualByComparingTo(value));
                var truths = new LinkedHashMap<String, Boolean>();
                truths.put("eq", a.compareTo(b) == 0);
                truths.put("ne", a.compareTo(b) != 0);
                truths.put("lt", a.compareTo(b) < 0);
                truths.put("le", a.compareTo(b) <= 0);
                truths.put("gt", a.compareTo(b) > 0);
                truths.put("ge", a.compareTo(b) >= 0);
                truths.put("below", a.compareTo(new BigDecimal("0.3")) < 0);
                truths.put("at_most", a.compareTo(HALF) <= 0);
                truths.put("above", a.compareTo(new BigDecimal("0.3")) > 0);
                truths.put("at_least", a.compareTo(HALF) >= 0);
                truths.forEach((name, value) -> assertThat(sim.peekBool(top.truths.get(name)))
                        .as("%s of %s, %s (%s, %s)", name, a, b, top.a, top.b)
                        .isEqualTo(value));
            }
        }
    }

    private static BigDecimal poke(Simulator sim, Fixed<?> port, SplittableRandom random) {
        var raw = new BigInteger(1, bytes(random)).mod(BigInteger.ONE.shiftLeft(port.width()));
        if (random.nextInt(4) == 0) {
            raw = random.nextBoolean() ? BigInteger.ZERO : BigInteger.ONE.shiftLeft(port.width() - 1);
        }
        if (port instanceof SFix && raw.testBit(port.width() - 1)) {
            raw = raw.subtract(BigInteger.ONE.shiftLeft(port.width()));
        }
        sim.poke(port, raw);
        return value(raw, port.fractionBits());
    }

    private static byte[] bytes(SplittableRandom random) {
        byte[] bytes = new byte[10];
        random.nextBytes(bytes);
        return bytes;
    }

    private static BigDecimal value(BigInteger raw, int fractionBits) {
        var value = new BigDecimal(raw);
        return fractionBits >= 0 ? value.divide(TWO.pow(fractionBits)) : value.multiply(TWO.pow(-fractionBits));
    }

    /** The value modulo 2^integerBits, in the range of the signedness. */
    private static BigDecimal wrap(BigDecimal value, boolean signed, int integerBits) {
        var modulus = integerBits >= 0 ? TWO.pow(integerBits) : BigDecimal.ONE.divide(TWO.pow(-integerBits));
        var low = value.subtract(
                value.divide(modulus).setScale(0, RoundingMode.FLOOR).multiply(modulus));
        return signed && low.multiply(TWO).compareTo(modulus) >= 0 ? low.subtract(modulus) : low;
    }

    @Test
    void lossIsWhatItIsCalled() {
        for (int[] f : formats()) {
            narrow(Circuit.of(() -> new Narrow<>(Module.sfix(f[0], f[1]))));
            narrow(Circuit.of(() -> new Narrow<>(Module.ufix(f[0], f[1]))));
        }
    }

    private <F extends Fixed<F>> void narrow(Elaboration<Narrow<F>> design) {
        var top = design.top();
        boolean signed = top.x instanceof SFix;
        try (var sim = engine.open(design)) {
            for (int i = 0; i < 1 << top.x.width(); i++) {
                var raw = BigInteger.valueOf(signed ? i - (1 << top.x.width() - 1) : i);
                sim.poke(top.x, raw);
                var x = value(raw, top.x.fractionBits());
                top.rounded.forEach((rounding, ports) -> ports.forEach(port -> assertThat(sim.peekDecimal(port))
                        .as("%s of %s (%s) to %s", rounding, x, top.x, port)
                        .isEqualByComparingTo(rounded(x, port.fractionBits(), rounding))));
                for (F port : top.saturated) {
                    var least = port.decode(
                            signed ? BigInteger.ONE.shiftLeft(port.width() - 1).negate() : BigInteger.ZERO);
                    var most = port.decode(BigInteger.ONE
                            .shiftLeft(port.width() - (signed ? 1 : 0))
                            .subtract(BigInteger.ONE));
                    assertThat(sim.peekDecimal(port))
                            .as("%s to %s", x, port)
                            .isEqualByComparingTo(x.max(least).min(most));
                }
                for (F port : top.wrapped) {
                    assertThat(sim.peekDecimal(port))
                            .as("%s to %s", x, port)
                            .isEqualByComparingTo(wrap(x, signed, port.integerBits()));
                }
            }
        }
    }

    private static BigDecimal rounded(BigDecimal x, int fractionBits, Rounding rounding) {
        var unit = value(BigInteger.ONE, fractionBits);
        var steps = x.divide(unit);
        var whole = switch (rounding) {
            case FLOOR -> steps.setScale(0, RoundingMode.FLOOR);
            case TOWARDS_ZERO -> steps.setScale(0, RoundingMode.DOWN);
            case HALF_UP -> steps.add(HALF).setScale(0, RoundingMode.FLOOR);
            case HALF_EVEN -> steps.setScale(0, RoundingMode.HALF_EVEN);
            case HALF_AWAY -> steps.setScale(0, RoundingMode.HALF_UP);
        };
        return whole.multiply(unit);
    }

    @Test
    void signalsOfAllKindsHoldThem() {
        Elaboration<Holder> design = Circuit.of(Holder::new);
        var top = design.top();
        try (var sim = engine.open(design)) {
            sim.reset(1);
            assertThat(sim.peekDecimal(top.held.re)).isEqualByComparingTo("1");
            assertThat(sim.peekDecimal(top.taps.get(3))).isEqualByComparingTo("-1");
            double[] inputs = {0.5, -1.75, 1.984375, -2, 0.015625, -0.015625};
            for (int i = 0; i < inputs.length; i++) {
                var x = BigDecimal.valueOf(inputs[i]);
                sim.poke(top.x, x);
                sim.poke(top.at, i & 3);
                sim.poke(top.write, true);
                assertThat(sim.peek(top.raw)).isEqualTo((long) (inputs[i] * 64));
                assertThat(sim.peekDecimal(top.back)).isEqualByComparingTo(x);
                var average = rounded(x.add(x.multiply(x)).divide(TWO), 6, Rounding.HALF_EVEN);
                assertThat(sim.peekDecimal(top.average)).isEqualByComparingTo(average.min(new BigDecimal("1.984375")));
                assertThat(sim.peekDecimal(top.sine))
                        .isEqualByComparingTo(
                                rounded(BigDecimal.valueOf(Math.sin((i & 3) * Math.PI / 8)), 8, Rounding.HALF_EVEN));
                sim.step(1);
                assertThat(sim.peekDecimal(top.held.re)).isEqualByComparingTo(x);
                assertThat(sim.peekDecimal(top.held.im)).isEqualByComparingTo(inputs[i] < 0 ? "-1.25" : "0.09375");
                assertThat(sim.peekDecimal(top.taps.get(0))).isEqualByComparingTo(x);
                assertThat(sim.peekDecimal(top.stored)).isEqualByComparingTo(x);
                if (i >= 3) {
                    assertThat(sim.peekDecimal(top.taps.get(3)))
                            .isEqualByComparingTo(BigDecimal.valueOf(inputs[i - 3]));
                    sim.poke(top.at, 3);
                    assertThat(sim.peekDecimal(top.tap)).isEqualByComparingTo(BigDecimal.valueOf(inputs[i - 3]));
                }
            }
            sim.poke(top.write, false);
            sim.poke(top.at, 3);
            sim.step(1);
            assertThat(sim.peekDecimal(top.stored)).isEqualByComparingTo("1");
            assertThatThrownBy(() -> sim.poke(top.x, new BigDecimal("0.3")))
                    .isInstanceOf(SimulationException.class)
                    .hasMessageContaining("0.3 is not a number of");
            assertThatThrownBy(() -> sim.poke(top.x, new BigDecimal("2"))).isInstanceOf(SimulationException.class);
        }
    }
}
