// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import static dev.lutra.hdl.lib.fp.FloatFormat.BFLOAT16;
import static dev.lutra.hdl.lib.fp.FloatFormat.BINARY16;
import static dev.lutra.hdl.lib.fp.FloatFormat.BINARY32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Data;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The units against the model, and in binary32 against Java's own arithmetic. */
@Engines
class FloatUnitsTest {
    private static final FloatFormat TINY = new FloatFormat(3, 2);
    private static final FloatFormat E4M3 = new FloatFormat(4, 3);
    private static final List<FloatFormat> FORMATS = List.of(TINY, E4M3, BINARY16, BFLOAT16, BINARY32);

    private final EngineKind engine;
    private final long seed = Long.getLong("lutra.seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);

    FloatUnitsTest(EngineKind engine) {
        this.engine = engine;
    }

    private static boolean deep() {
        return Boolean.getBoolean("lutra.deep");
    }

    /** All pairs of small formats; of others all pairs of boundaries, and random ones. */
    private long[][] pairs(FloatFormat format) {
        if (format.width() <= (deep() ? 8 : 6)) {
            long[] all = LongStream.range(0, 1L << format.width()).toArray();
            return FloatCases.pairs(all, all);
        }
        long[] boundaries = FloatCases.boundaries(format);
        var pairs = FloatCases.pairs(boundaries, boundaries);
        var more = FloatCases.random(format, random, engine == EngineKind.EMBEDDED ? 6000 : 2000);
        var both = java.util.Arrays.copyOf(pairs, pairs.length + more.length);
        System.arraycopy(more, 0, both, pairs.length, more.length);
        return both;
    }

    private static long bits(float value) {
        return Float.floatToIntBits(value) & 0xFFFFFFFFL;
    }

    private static float number(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    /** Stages that differ from format to format, so that every number of them is met in a few runs. */
    private int stages(FloatFormat format, int most) {
        return format == BINARY32 ? random.nextInt(most + 1) : format.width() % (most + 1);
    }

    private String name(String unit, Record params) {
        return "-Dlutra.seed=" + seed + ", " + unit + " " + params;
    }

    @Test
    void addsAndSubtracts() {
        for (var format : FORMATS) {
            var p = new FloatAdder.Params(format, stages(format, FloatAdder.MAX_STAGES));
            var model = new FloatArithmetic(format);
            var design = Circuit.of(() -> new FloatAdder(p));
            var top = design.top();
            try (var simulator = engine.open(design)) {
                for (int subtract = 0; subtract < 2; subtract++) {
                    boolean minus = subtract == 1;
                    simulator.poke(top.subtract, subtract);
                    FloatRun.check(
                            simulator,
                            List.of(top.a, top.b),
                            top.result,
                            p.stages(),
                            pairs(format),
                            name(minus ? "difference" : "sum", p),
                            x -> format == BINARY32
                                    ? bits(minus ? number(x[0]) - number(x[1]) : number(x[0]) + number(x[1]))
                                    : minus ? model.subtract(x[0], x[1]) : model.add(x[0], x[1]));
                }
            }
        }
    }

    @Test
    void multiplies() {
        for (var format : FORMATS) {
            var p = new FloatMultiplier.Params(format, stages(format, FloatMultiplier.MAX_STAGES));
            var model = new FloatArithmetic(format);
            var design = Circuit.of(() -> new FloatMultiplier(p));
            var top = design.top();
            try (var simulator = engine.open(design)) {
                FloatRun.check(
                        simulator,
                        List.of(top.a, top.b),
                        top.result,
                        p.stages(),
                        pairs(format),
                        name("product", p),
                        x -> format == BINARY32 ? bits(number(x[0]) * number(x[1])) : model.multiply(x[0], x[1]));
            }
        }
    }

    /** Products of binary16 are exact in binary32; those of bfloat16 are where they are not subnormal. */
    @Test
    void multipliesIntoAWiderFormat() {
        for (var format : List.of(BINARY16, BFLOAT16)) {
            var p = new FloatMultiplier.Params(format, BINARY32, random.nextInt(FloatMultiplier.MAX_STAGES + 1));
            var design = Circuit.of(() -> new FloatMultiplier(p));
            var top = design.top();
            try (var simulator = engine.open(design)) {
                FloatRun.check(
                        simulator,
                        List.of(top.a, top.b),
                        top.result,
                        p.stages(),
                        pairs(format),
                        name("product", p),
                        x -> bits((float) format.decode(x[0]) * (float) format.decode(x[1])));
            }
        }
    }

    @Test
    void compares() {
        for (var format : FORMATS) {
            var p = new FloatComparator.Params(format);
            var model = new FloatArithmetic(format);
            var design = Circuit.of(() -> new FloatComparator(p));
            var top = design.top();
            List<Data> operands = List.of(top.a, top.b);
            try (var simulator = engine.open(design)) {
                var pairs = pairs(format);
                run(simulator, operands, top.less, pairs, name("less", p), x -> model.less(x[0], x[1]) ? 1 : 0);
                run(simulator, operands, top.equal, pairs, name("equal", p), x -> model.equal(x[0], x[1]) ? 1 : 0);
                run(
                        simulator,
                        operands,
                        top.unordered,
                        pairs,
                        name("unordered", p),
                        x -> model.unordered(x[0], x[1]) ? 1 : 0);
                boolean java = format == BINARY32;
                run(
                        simulator,
                        operands,
                        top.minimum,
                        pairs,
                        name("minimum", p),
                        x -> java ? bits(Math.min(number(x[0]), number(x[1]))) : model.minimum(x[0], x[1]));
                run(
                        simulator,
                        operands,
                        top.maximum,
                        pairs,
                        name("maximum", p),
                        x -> java ? bits(Math.max(number(x[0]), number(x[1]))) : model.maximum(x[0], x[1]));
            }
        }
    }

    private static void run(
            Simulator simulator, List<Data> in, Data out, long[][] operands, String name, FloatRun.Expected expected) {
        FloatRun.check(simulator, in, out, 0, operands, name, expected);
    }

    /** All numbers of up to 16 bits; boundaries and random ones of binary32. */
    private long[][] singles(FloatFormat format) {
        if (format.width() <= 16)
            return FloatCases.singles(LongStream.range(0, 1L << format.width()).toArray());
        long[] some = LongStream.concat(
                        LongStream.of(FloatCases.boundaries(format)),
                        LongStream.generate(() -> random.nextLong() & 0xFFFFFFFFL)
                                .limit(20_000))
                .toArray();
        return FloatCases.singles(some);
    }

    @Test
    void convertsBetweenFormats() {
        FloatFormat[][] ways = {
            {BINARY16, BINARY32},
            {BFLOAT16, BINARY32},
            {BINARY32, BINARY16},
            {BINARY32, BFLOAT16},
            {BINARY16, BFLOAT16},
            {BINARY16, E4M3},
            {BFLOAT16, BINARY16},
            {E4M3, BINARY16}
        };
        for (var way : ways) {
            var p = new FloatConverter.Params(way[0], way[1], random.nextInt(FloatConverter.MAX_STAGES + 1));
            var model = new FloatArithmetic(p.from());
            var design = Circuit.of(() -> new FloatConverter(p));
            var top = design.top();
            var cases = singles(p.from());
            if (p.from() == BINARY32) {
                // Around every tie between two numbers of the narrower format.
                cases = java.util.stream.Stream.concat(java.util.Arrays.stream(cases), ties(p.to()))
                        .toArray(long[][]::new);
            }
            try (var simulator = engine.open(design)) {
                FloatRun.check(
                        simulator,
                        List.of(top.a),
                        top.result,
                        p.stages(),
                        cases,
                        name("conversion", p),
                        x -> model.convert(x[0], p.to()));
            }
        }
    }

    private java.util.stream.Stream<long[]> ties(FloatFormat to) {
        return random.longs(4000, 0, to.infinity()).boxed().flatMap(x -> {
            float middle = (float) ((to.decode(x) + to.decode(Math.min(x + 1, to.infinity() - 1))) / 2);
            return LongStream.of(bits(middle), bits(Math.nextUp(middle)), bits(-Math.nextDown(middle)))
                    .mapToObj(y -> new long[] {y});
        });
    }

    @Test
    void convertsIntegers() {
        for (var format : FORMATS) {
            for (int width : new int[] {2, 9, 24, 32, 64}) {
                var p = new IntegerToFloat.Params(width, format, random.nextInt(IntegerToFloat.MAX_STAGES + 1));
                var model = new FloatArithmetic(format);
                var design = Circuit.of(() -> new IntegerToFloat(p));
                var top = design.top();
                try (var simulator = engine.open(design)) {
                    FloatRun.check(
                            simulator,
                            List.of(top.a),
                            top.result,
                            p.stages(),
                            FloatCases.singles(integers(width)),
                            name("integer", p),
                            x -> format == BINARY32 ? bits((float) x[0]) : model.fromInteger(x[0]));
                }
            }
        }
    }

    /** Any number of significant bits, their neighbours, both ends. */
    private long[] integers(int width) {
        var any = LongStream.generate(() -> {
                    long value = random.nextLong() >> 64 - width + random.nextInt(width);
                    return value >> 1 << 1 | random.nextInt(2);
                })
                .limit(2000);
        long least = -1L << width - 1;
        var ends = LongStream.of(least, least + 1, -1, 0, 1, ~least, ~least - 1);
        return LongStream.concat(ends, any)
                .map(v -> v << 64 - width >> 64 - width)
                .toArray();
    }

    @Test
    void scalesIntegersByPowersOfTwo() {
        for (var format : FORMATS) {
            var p = new IntegerToFloat.Params(30, 9, format, random.nextInt(IntegerToFloat.MAX_STAGES + 1));
            var design = Circuit.of(() -> new IntegerToFloat(p));
            var top = design.top();
            var cases = new java.util.ArrayList<long[]>();
            for (long a : integers(30)) cases.add(new long[] {a, random.nextInt(-256, 256)});
            for (long a : integers(30))
                cases.add(new long[] {a, 2 - format.bias() - format.fractionBits() - 20 + random.nextInt(22)});
            cases.removeIf(x -> x[1] < -256);
            try (var simulator = engine.open(design)) {
                FloatRun.check(
                        simulator,
                        List.of(top.a, top.scale),
                        top.result,
                        p.stages(),
                        cases.toArray(long[][]::new),
                        name("scaled integer", p),
                        x -> {
                            double exact = Math.scalb((double) x[0], (int) x[1]);
                            return format == BINARY32 ? bits((float) exact) : format.encode(exact);
                        });
            }
        }
    }

    @Test
    void convertsToIntegers() {
        for (var format : FORMATS) {
            for (int width : new int[] {2, 8, 32, 53}) {
                boolean towardsZero = random.nextBoolean();
                var p = new FloatToInteger.Params(format, width, towardsZero, random.nextInt(3));
                var model = new FloatArithmetic(format);
                var design = Circuit.of(() -> new FloatToInteger(p));
                var top = design.top();
                try (var simulator = engine.open(design)) {
                    FloatRun.check(
                            simulator,
                            List.of(top.a),
                            top.result,
                            p.stages(),
                            singles(format),
                            name("to integer", p),
                            x -> format == BINARY32 && width == 32 && towardsZero
                                    ? (int) number(x[0])
                                    : model.toInteger(x[0], width, towardsZero));
                }
            }
        }
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new FloatFormat(9, 10)).hasMessageContaining("exponent of 9 bits: 3..8");
        assertThatThrownBy(() -> new FloatFormat(8, 24)).hasMessageContaining("fraction of 24 bits: 2..23");
        assertThatThrownBy(() -> new IntegerToFloat.Params(65, BINARY32, 0)).hasMessageContaining("2..64");
        assertThatThrownBy(() -> Circuit.of(() -> new FloatAdder(new FloatAdder.Params(BINARY16, 8))))
                .hasMessageContaining("8 pipeline stages: this unit has 0..7");
        assertThat(new FloatAdder.Params(BINARY16, 7).stages()).isEqualTo(FloatAdder.MAX_STAGES);
    }
}
