// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.pe.Tool;
import dev.lutra.pe.WeightCode;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rivals against the direct sum, cycle by cycle. */
@Engines
class OutputStationaryTest {
    private final EngineKind engine;

    OutputStationaryTest(EngineKind engine) {
        this.engine = engine;
    }

    static Stream<MacArray.Params> macs() {
        return IntStream.rangeClosed(2, 8)
                .mapToObj(w -> new MacArray.Params(1 + w % 3, 2 + w * 5 % 11, w, 24 + w % 2, 2 + w * 3 % 7));
    }

    @ParameterizedTest
    @MethodSource("macs")
    void multiplyAccumulateEqualsTheSum(MacArray.Params p) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        var design = Circuit.of(() -> new MacArray(p));
        try (var simulator = Tool.open(engine, design)) {
            var array = design.top();
            var bench = new Bench(array, simulator, random, p.latency());
            long slots = 0;
            for (int run = 0; run < 12; run++) {
                int k = 1 + random.nextInt(5 * p.lanes());
                var dots = Dots.random(random, WeightCode.signed(p.weightBits()), p.n(), k);
                slots += p.cycles(k, 1);
                int steps = (k + p.lanes() - 1) / p.lanes();
                for (int step = 0; step < steps; step++) {
                    var codes = BigInteger.ZERO;
                    for (int n = 0; n < p.n(); n++) {
                        for (int lane = 0; lane < p.lanes(); lane++) {
                            int at = step * p.lanes() + lane;
                            int w = at < k ? dots.weights()[n][at] : random.nextInt();
                            codes = codes.or(BigInteger.valueOf(w & (1 << p.weightBits()) - 1)
                                    .shiftLeft(p.weightBits() * (n * p.lanes() + lane)));
                        }
                    }
                    int from = step * p.lanes();
                    bench.slot(step == 0, step == steps - 1, lane -> dots.activation(from + lane), codes, () -> {});
                }
                bench.expect(dots.sums());
                if (random.nextBoolean()) bench.idle(random.nextInt(4));
            }
            bench.check("-Dlutra.seed=" + seed, slots);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, WHOLE", "3, HALVES", "8, WHOLE", "8, HALVES", "13, HALVES", "20, WHOLE"})
    void addersEqualTheSum(int lanes, AdderArray.Kind kind) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        var p = new AdderArray.Params(1 + lanes % 3, lanes, 24, kind);
        var design = Circuit.of(() -> new AdderArray(p));
        try (var simulator = Tool.open(engine, design)) {
            var array = design.top();
            var bench = new Bench(array, simulator, random, p.latency());
            long slots = 0;
            for (int run = 0; run < 12; run++) {
                int bits = random.nextInt(9);
                var code = bits == 0 ? WeightCode.TERNARY : WeightCode.signed(bits);
                int k = 1 + random.nextInt(4 * lanes);
                var dots = Dots.random(random, code, p.n(), k);
                slots += p.cycles(code.planes(), k, 1);
                int steps = k / lanes + 1;
                int[] before = new int[p.n()];
                Arrays.fill(before, 1);
                for (int plane = code.planes() - 1; plane >= 0; plane--) {
                    for (int step = 0; step < steps; step++) {
                        // Lane 0 takes the last element, so that padding meets it first.
                        int from = step * lanes;
                        IntFunction<Integer> element = lane -> from + (lane == 0 ? lanes - 1 : lane - 1);
                        var codes = BigInteger.ZERO;
                        for (int n = 0; n < p.n(); n++) {
                            int[] s = new int[lanes];
                            for (int lane = 0; lane < lanes; lane++) {
                                s[lane] = dots.sign(n, element.apply(lane), plane, random);
                            }
                            if (step == steps - 1) s[0] = 1;
                            for (int lane = 0; lane < lanes; lane++) {
                                int other = lane == 0 ? before[n] : s[lane & lane - 1];
                                if (s[lane] != other) codes = codes.setBit(n * lanes + lane);
                            }
                            before[n] = s[0];
                        }
                        boolean first = step == 0 && plane == code.planes() - 1;
                        boolean twice = step == 0 && !first;
                        long start = first ? dots.correction() >> code.planes() - 1 : dots.correction() >> plane & 1;
                        bench.slot(
                                first,
                                plane == 0 && step == steps - 1,
                                lane -> dots.activation(element.apply(lane)),
                                codes,
                                () -> {
                                    simulator.poke(array.twice, twice ? 1 : 0);
                                    simulator.poke(array.initial, start);
                                });
                    }
                }
                bench.expect(IntStream.range(0, p.n()).mapToLong(dots::bipolar).toArray());
                if (random.nextBoolean()) bench.idle(random.nextInt(4));
            }
            bench.check("-Dlutra.seed=" + seed, slots);
        }
    }

    /** One slot for ternary weights: adders that leave lanes out, tables with an entry for each pair of opposite triples. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8, 13})
    void ternaryAddersEqualTheSum(int lanes) {
        var p = new AdderArray.Params(1 + lanes % 3, lanes, 24, AdderArray.Kind.TERNARY);
        ternary(() -> new AdderArray(p), p.latency(), p.n(), lanes, 1, k -> (int) p.cycles(1, k, 1), 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void ternaryTablesEqualTheSum(int tables) {
        var p = new TableArray.Params(TableKind.TERNARY, 2, 3, tables, 1, 24);
        ternary(() -> new TableArray(p), p.latency(), p.n(), 3 * tables, 3, k -> (int) p.cycles(1, k, 1), 2);
    }

    /**
     * @param g lanes of a code: 1 or 3
     * @param factor of the results
     */
    private void ternary(
            Supplier<? extends BitSerial> make,
            int latency,
            int columns,
            int lanes,
            int g,
            IntUnaryOperator formula,
            int factor) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        var design = Circuit.of(make);
        try (var simulator = Tool.open(engine, design)) {
            var array = design.top();
            var bench = new Bench(array, simulator, random, latency);
            long slots = 0;
            int codes = lanes / g;
            int bits = g == 1 ? 2 : 5;
            for (int run = 0; run < 12; run++) {
                int k = 1 + random.nextInt(4 * lanes);
                var dots = Dots.random(random, WeightCode.TERNARY, columns, k);
                int steps = formula.applyAsInt(k);
                slots += steps;
                int[] before = new int[columns];
                java.util.Arrays.fill(before, 1);
                for (int step = 0; step < steps; step++) {
                    // Code 0 takes the last elements, so that padding meets it first.
                    int from = step * lanes;
                    IntFunction<Integer> element = lane -> from + (lane + lanes - g) % lanes;
                    var word = BigInteger.ZERO;
                    for (int n = 0; n < columns; n++) {
                        int[] sign = new int[codes];
                        for (int c = 0; c < codes; c++) {
                            var weights = new ArrayList<Integer>();
                            for (int i = 0; i < g; i++) {
                                int at = element.apply(g * c + i);
                                weights.add(at < k ? (int) dots.weights()[n][at] : 0);
                            }
                            boolean zero = weights.stream().allMatch(w -> w == 0);
                            int code = g == 1 ? Math.abs(weights.get(0)) : TernaryTable.code(weights);
                            boolean minus = g == 1 ? weights.get(0) < 0 : code < 0;
                            if (minus && g == 3) code = ~code;
                            sign[c] = zero && step < steps - 1 ? random.nextBoolean() ? 1 : -1 : minus ? -1 : 1;
                            boolean differs = sign[c] != (c == 0 ? before[n] : sign[c & c - 1]);
                            int base = n * codes * bits;
                            if (g == 1) {
                                if (differs) word = word.setBit(base + c);
                                if (code == 0) word = word.setBit(base + codes + c);
                            } else {
                                if (differs) code |= 16;
                                word = word.or(BigInteger.valueOf(code).shiftLeft(base + 5 * c));
                            }
                        }
                        before[n] = sign[0];
                    }
                    bench.slot(step == 0, step == steps - 1, lane -> dots.activation(element.apply(lane)), word, () -> {
                        simulator.poke(array.twice, 0);
                        simulator.poke(array.initial, 0);
                    });
                }
                bench.expect(IntStream.range(0, columns)
                        .mapToLong(n -> factor * dots.sums()[n])
                        .toArray());
            }
            bench.check("-Dlutra.seed=" + seed, slots);
        }
    }

    static Stream<TableArray.Params> tables() {
        return Stream.of(TableKind.FULL, TableKind.SYMMETRIC, TableKind.MAPPED)
                .flatMap(kind -> Stream.of(
                        new TableArray.Params(kind, 2, 4, 4, 2, 24),
                        new TableArray.Params(kind, 4, 2, 3, 2, 24),
                        new TableArray.Params(kind, 2, 3, 6, 1, 26),
                        new TableArray.Params(kind, 1, 5, 2, 1, 24)));
    }

    /** Codes by what the kinds say; of FULL the sum of a q, where q are the unsigned codes of the weights. */
    @ParameterizedTest
    @MethodSource("tables")
    void tablesEqualTheSum(TableArray.Params p) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        int g = p.g();
        int lanes = g * p.t();
        boolean mapped = p.kind() == TableKind.MAPPED;
        var design = Circuit.of(() -> new TableArray(p));
        try (var simulator = Tool.open(engine, design)) {
            var array = design.top();
            var bench = new Bench(array, simulator, random, p.latency());
            long slots = 0;
            for (int run = 0; run < 10; run++) {
                int bits = random.nextInt(9);
                var code = bits == 0 ? WeightCode.TERNARY : WeightCode.signed(bits);
                int k = 1 + random.nextInt(4 * lanes);
                var dots = Dots.random(random, code, p.n(), k);
                slots += p.cycles(code.planes(), k, 1);
                int steps = (int) p.cycles(1, k, 1);
                int[] before = new int[p.n()];
                Arrays.fill(before, 1);
                for (int plane = code.planes() - 1; plane >= 0; plane--) {
                    for (int step = 0; step < steps; step++) {
                        // Lane G-1, the sign of table 0, takes the last element, so that padding meets it first.
                        int from = step * lanes;
                        IntFunction<Integer> element =
                                lane -> from + (lane == g - 1 ? lanes - 1 : lane == lanes - 1 ? g - 1 : lane);
                        var codes = BigInteger.ZERO;
                        for (int n = 0; n < p.n(); n++) {
                            int[] s = new int[lanes];
                            for (int lane = 0; lane < lanes; lane++) {
                                s[lane] = dots.sign(n, element.apply(lane), plane, random);
                            }
                            if (mapped && step == steps - 1) s[g - 1] = 1;
                            for (int t = 0; t < p.t(); t++) {
                                int top = s[g * t + g - 1];
                                int other = t == 0 ? before[n] : s[g * (t & t - 1) + g - 1];
                                for (int i = 0; i < g; i++) {
                                    boolean set = !mapped
                                            ? s[g * t + i] > 0
                                            : i == g - 1 ? top != other : s[g * t + i] != top;
                                    if (set) codes = codes.setBit(n * lanes + g * t + i);
                                }
                            }
                            before[n] = s[g - 1];
                        }
                        boolean first = step == 0 && plane == code.planes() - 1;
                        boolean twice = step == 0 && !first;
                        long start = first ? dots.correction() >> code.planes() - 1 : dots.correction() >> plane & 1;
                        bench.slot(
                                first,
                                plane == 0 && step == steps - 1,
                                lane -> dots.activation(element.apply(lane)),
                                codes,
                                () -> {
                                    simulator.poke(array.twice, twice ? 1 : 0);
                                    simulator.poke(array.initial, start);
                                });
                    }
                }
                bench.expect(IntStream.range(0, p.n())
                        .mapToLong(n -> p.kind() == TableKind.FULL ? dots.unsigned(n) : dots.bipolar(n))
                        .toArray());
                if (random.nextBoolean()) bench.idle(random.nextInt(4));
            }
            bench.check("-Dlutra.seed=" + seed, slots);
        }
    }

    @Test
    void refusesShapesThatCannotBe() {
        assertThatThrownBy(() -> new MacArray.Params(4, 8, 1, 24)).hasMessageContaining("AdderArray");
        assertThatThrownBy(() -> new MacArray.Params(4, 8, 8, 18)).hasMessageContaining("needed are 19");
        assertThatThrownBy(() -> new AdderArray.Params(0, 8, 24)).hasMessageContaining("0 columns");
        assertThatThrownBy(() -> new AdderArray.Params(4, 1, 24)).hasMessageContaining("1 lanes");
    }

    /** Puts slots in and takes results out, each in its cycle. */
    private static final class Bench {
        private final OutputStationary array;
        private final Simulator simulator;
        private final Random random;
        private final int latency;
        private final ArrayList<String> expected = new ArrayList<>();
        private final ArrayList<String> actual = new ArrayList<>();
        private long cycle;
        private long slots;

        Bench(OutputStationary array, Simulator simulator, Random random, int latency) {
            this.array = array;
            this.simulator = simulator;
            this.random = random;
            this.latency = latency;
            simulator.reset(1);
            simulator.poke(array.valid, 0);
        }

        void slot(boolean first, boolean last, IntFunction<Integer> activation, BigInteger codes, Runnable more) {
            int lanes = array.activations.width() / 8;
            var line = BigInteger.ZERO;
            for (int lane = 0; lane < lanes; lane++) {
                line = line.or(BigInteger.valueOf(activation.apply(lane) & 0xff).shiftLeft(8 * lane));
            }
            simulator.poke(array.valid, 1);
            simulator.poke(array.first, first ? 1 : 0);
            simulator.poke(array.last, last ? 1 : 0);
            simulator.poke(array.activations, line);
            simulator.poke(array.codes, codes);
            more.run();
            slots++;
            step();
            simulator.poke(array.valid, 0);
            simulator.poke(array.first, random.nextInt(2));
            simulator.poke(array.last, random.nextInt(2));
            simulator.poke(array.codes, new BigInteger(array.codes.width(), random));
        }

        void expect(long[] sums) {
            expected.add("cycle " + (cycle - 1 + latency) + ": " + Arrays.toString(sums));
        }

        void idle(int cycles) {
            for (int i = 0; i < cycles; i++) step();
        }

        void check(String seed, long slotsOfFormula) {
            idle(latency + 1);
            assertThat(actual).as(seed).isEqualTo(expected);
            assertThat(slots).as(seed).isEqualTo(slotsOfFormula);
        }

        private void step() {
            if (simulator.peek(array.resultValid) == 1) {
                actual.add("cycle " + cycle + ": "
                        + array.results.stream()
                                .map(r -> Long.toString(simulator.peek(r)))
                                .toList());
            }
            simulator.step(1);
            cycle++;
        }
    }
}
