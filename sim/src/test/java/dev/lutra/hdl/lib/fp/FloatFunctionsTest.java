// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import static dev.lutra.hdl.lib.fp.FloatFormat.BINARY16;
import static dev.lutra.hdl.lib.fp.FloatFormat.BINARY32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Functions of binary32 numbers: hardware against the model to the bit, the model against mathematics. */
class FloatFunctionsTest {
    private final long seed = Long.getLong("lutra.seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);

    /** Both units side by side, with registers of their own choice. */
    private static final class Units extends Module {
        final EnumSignal<FloatFunction> function = in(enumOf(FloatFunction.class));
        final Bits a = in(bits(32));
        final Bits result = out(bits(32));
        final Bits sigmoid = out(bits(32));

        Units(FloatFunctionUnit.Params p, FloatSigmoid.Params s) {
            var unit = new FloatFunctionUnit(p);
            unit.function.set(function);
            unit.a.set(a);
            result.set(unit.result);
            var composed = new FloatSigmoid(s);
            composed.a.set(a);
            sigmoid.set(composed.result);
        }
    }

    /** Every binary16 number, boundaries of binary32, where powers and exponentials overflow and underflow, random numbers. */
    private long[][] operands(int count) {
        var halves = LongStream.range(0, 1L << 16).map(h -> BINARY32.encode(BINARY16.decode(h)));
        var edges = LongStream.concat(
                LongStream.of(FloatCases.boundaries(BINARY32)),
                Stream.of(88.72284f, -87.33655f, -103.27893f, -103.97208f, 128f, -128f, 0x1p-128f, 0x1p126f, 0x1p127f)
                        .mapToInt(Float::floatToIntBits)
                        .asLongStream()
                        .flatMap(x -> LongStream.rangeClosed(x - 3, x + 3)));
        var any = LongStream.generate(() -> random.nextInt(3) == 0
                        ? random.nextLong()
                        : Float.floatToIntBits((float) random.nextDouble(-110, 110)))
                .limit(count);
        return FloatCases.singles(LongStream.concat(LongStream.concat(halves, edges), any)
                .map(x -> x & 0xFFFFFFFFL)
                .toArray());
    }

    @Engines
    void hardwareIsTheModel(EngineKind engine) {
        int stages = random.nextInt(FloatFunctionUnit.MAX_STAGES + 1);
        var p = new FloatFunctionUnit.Params(stages);
        var s = new FloatSigmoid.Params(random.nextInt(FloatFunctionUnit.MAX_STAGES + 1), random.nextInt(8));
        var design = Circuit.of(() -> new Units(p, s));
        var top = design.top();
        boolean deep = Boolean.getBoolean("lutra.deep");
        int count = !deep ? 5000 : engine == EngineKind.VERILATOR ? 500_000 : 100_000;
        try (var simulator = engine.open(design)) {
            for (int round = 0; round < (deep && engine == EngineKind.VERILATOR ? 20 : 1); round++) {
                var operands = operands(count);
                for (var function : FloatFunction.values()) {
                    simulator.poke(top.function, function.ordinal());
                    FloatRun.check(
                            simulator,
                            List.of(top.a),
                            top.result,
                            stages,
                            operands,
                            "-Dlutra.seed=" + seed + ", " + stages + " stages, " + function,
                            x -> FloatFunctionModel.apply(function, (int) x[0]) & 0xFFFFFFFFL);
                }
                FloatRun.check(
                        simulator,
                        List.of(top.a),
                        top.sigmoid,
                        s.latency(),
                        operands,
                        "-Dlutra.seed=" + seed + ", sigmoid " + s,
                        x -> FloatFunctionModel.sigmoid((int) x[0]) & 0xFFFFFFFFL);
            }
        }
    }

    /** One function after the other, a new one for every operand. */
    @Engines
    void functionsAlternate(EngineKind engine) {
        int stages = FloatFunctionUnit.MAX_STAGES;
        var design = Circuit.of(() -> new FloatFunctionUnit(new FloatFunctionUnit.Params(stages)));
        var top = design.top();
        var operands = random.longs(3000, 0, 1L << 32)
                .mapToObj(x -> new long[] {random.nextInt(3), x})
                .toArray(long[][]::new);
        try (var simulator = engine.open(design)) {
            FloatRun.check(
                    simulator,
                    List.of(top.function, top.a),
                    top.result,
                    stages,
                    operands,
                    "-Dlutra.seed=" + seed,
                    x -> FloatFunctionModel.apply(FloatFunction.values()[(int) x[0]], (int) x[1]) & 0xFFFFFFFFL);
        }
    }

    private static int bits(float x) {
        return Float.floatToIntBits(x);
    }

    private static float exp(float x) {
        return Float.intBitsToFloat(FloatFunctionModel.exponential(bits(x)));
    }

    private static float reciprocal(float x) {
        return Float.intBitsToFloat(FloatFunctionModel.reciprocal(bits(x)));
    }

    private static float root(float x) {
        return Float.intBitsToFloat(FloatFunctionModel.reciprocalRoot(bits(x)));
    }

    private static float sigmoid(float x) {
        return Float.intBitsToFloat(FloatFunctionModel.sigmoid(bits(x)));
    }

    @Test
    void valuesThatAreSpecial() {
        float infinity = Float.POSITIVE_INFINITY;
        for (var function : FloatFunction.values()) {
            for (int nan : new int[] {0x7F800001, 0x7FC00000, 0xFFC00000, 0xFFFFFFFF}) {
                assertThat(FloatFunctionModel.apply(function, nan)).isEqualTo(0x7FC00000);
            }
        }
        assertThat(bits(exp(infinity))).isEqualTo(bits(infinity));
        assertThat(bits(exp(-infinity))).isZero();
        assertThat(exp(0)).isEqualTo(1);
        assertThat(exp(-0f)).isEqualTo(1);
        assertThat(exp(Float.MIN_VALUE)).isEqualTo(1);
        assertThat(exp(88.72284f)).isEqualTo(infinity);
        assertThat(exp(88.722824f)).isFinite();
        assertThat(exp(-103.9f)).isEqualTo(Float.MIN_VALUE);
        assertThat(bits(exp(-104f))).isZero();
        assertThat(bits(exp(-Float.MAX_VALUE))).isZero();
        assertThat(bits(reciprocal(0))).isEqualTo(bits(infinity));
        assertThat(bits(reciprocal(-0f))).isEqualTo(bits(-infinity));
        assertThat(bits(reciprocal(-infinity))).isEqualTo(bits(-0f));
        assertThat(reciprocal(0x1p-128f)).isEqualTo(infinity);
        assertThat(reciprocal(-0x1p127f)).isEqualTo(-0x1p-127f);
        assertThat(bits(root(-0f))).isEqualTo(bits(-infinity));
        assertThat(bits(root(infinity))).isZero();
        assertThat(root(-1)).isNaN();
        assertThat(root(-infinity)).isNaN();
        assertThat(sigmoid(0)).isEqualTo(0.5f);
        assertThat(sigmoid(infinity)).isEqualTo(1);
        assertThat(sigmoid(20)).isEqualTo(1);
        assertThat(bits(sigmoid(-infinity))).isZero();
        assertThat(sigmoid(Float.NaN)).isNaN();
    }

    @Test
    void powersOfTwoAreExact() {
        IntStream.rangeClosed(-127, 127).forEach(e -> {
            assertThat(reciprocal(Math.scalb(1f, e))).isEqualTo(Math.scalb(1f, -e));
            if (e <= 63 && e >= -74) assertThat(root(Math.scalb(1f, 2 * e))).isEqualTo(Math.scalb(1f, -e));
        });
    }

    /** Rounded to binary16, functions of binary16 numbers are what mathematics says but where that is within 1/500 of a tie. */
    @Test
    void functionsOfBinary16() {
        for (long h = 0; h < 1 << 16; h++) {
            float x = (float) BINARY16.decode(h);
            if (Float.isNaN(x)) continue;
            near(h, exp(x), Math.exp(x));
            near(h, reciprocal(x), 1 / (double) x);
            near(h, root(x), 1 / Math.sqrt(x));
            near(h, sigmoid(x), 1 / (1 + Math.exp(-x)));
        }
    }

    private static void near(long operand, float result, double exact) {
        if (x(result) == x(exact)) return;
        double slack = 0x1p-21 * Math.abs(exact);
        assertThat(x(result)).as("of %#x", operand).isIn(x(exact - slack), x(exact + slack));
    }

    private static long x(double value) {
        return BINARY16.encode(value);
    }
}
