// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of FP16 activations against the steps of {@link SharedExponent}, cycle by cycle. */
class SharedExponentTest {
    private final long seed = Long.getLong("lutra.seed", new Random().nextLong());
    private final Random random = new Random(seed);

    /** One row against N columns of signs, plane by plane. */
    private final class Product {
        final long[] halves;
        final int planes;
        final boolean[][][] plus;
        final int exponent;
        final long initial;
        final SharedExponent arithmetic;

        Product(SharedExponent arithmetic, int n, int k) {
            this.arithmetic = arithmetic;
            halves = Halves.random(random, k);
            if (random.nextInt(6) == 0) halves[random.nextInt(k)] = random.nextBoolean() ? 0x7C00 : 0xFE01;
            planes = 1 + random.nextInt(3);
            plus = new boolean[planes][n][k];
            for (var plane : plus) {
                for (var column : plane) for (int i = 0; i < k; i++) column[i] = random.nextBoolean();
            }
            exponent = SharedExponent.exponent(halves);
            initial = random.nextInt(1 << 16) - (1 << 15);
        }

        long half(int k) {
            return k < halves.length ? halves[k] : 0;
        }

        int sign(int plane, int n, int k) {
            return (k < halves.length ? plus[plane][n][k] : random.nextBoolean()) ? 1 : -1;
        }

        long result(int n) {
            long sum = initial;
            for (int plane = 0; plane < planes; plane++) {
                for (int k = 0; k < halves.length; k++) {
                    sum += sign(plane, n, k) * arithmetic.align(halves[k], exponent) << plane;
                }
            }
            return arithmetic.result(sum, exponent);
        }

        String results(int from, int count) {
            var text = new ArrayList<String>();
            for (int n = from; n < from + count; n++) text.add(Long.toHexString(result(n)));
            return exponent == SharedExponent.INVALID ? "invalid" : text.toString();
        }

        long start(int plane) {
            return plane == planes - 1 ? initial >> plane : initial >> plane & 1;
        }

        /** Codes of a slot of T tables of G as {@link StationaryArray} has them; {@code before} has the last signs of table 0. */
        BigInteger codes(int plane, int from, int n, int g, int t, int step, boolean last, int[] before) {
            var word = BigInteger.ZERO;
            for (int column = 0; column < n; column++) {
                int[] top = new int[t];
                for (int table = 0; table < t; table++) {
                    int[] s = new int[g];
                    for (int i = 0; i < g; i++) s[i] = sign(plane, from + column, element(g, t, step, table, i));
                    if (table == 0 && last) s[g - 1] = 1;
                    top[table] = s[g - 1];
                    int other = table == 0 ? before[from + column] : top[table & table - 1];
                    int code = top[table] != other ? 1 << g - 1 : 0;
                    for (int i = 0; i < g - 1; i++) if (s[i] != top[table]) code |= 1 << i;
                    word = word.or(BigInteger.valueOf(code).shiftLeft(g * (column * t + table)));
                }
                before[from + column] = top[0];
            }
            return word;
        }

        /** The last element of a slot is the sign of table 0, so that padding meets it first. */
        int element(int g, int t, int step, int table, int i) {
            int lane = g * table + i;
            int moved = lane == g - 1 ? g * t - 1 : lane == g * t - 1 ? g - 1 : lane;
            return step * g * t + moved;
        }

        BigInteger line(int g, int t, int step) {
            long[] line = new long[g * t];
            for (int lane = 0; lane < line.length; lane++) line[lane] = half(element(g, t, step, lane / g, lane % g));
            return Halves.line(line);
        }
    }

    static Stream<TableArray.Params> tables() {
        return Stream.of(
                new TableArray.Params(TableKind.MAPPED, 2, 4, 4, 2, 34, 14),
                new TableArray.Params(TableKind.MAPPED, 2, 3, 2, 1, 28, 12),
                new TableArray.Params(TableKind.MAPPED, 1, 2, 3, 1, 50, 41));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void tablesInRegistersEqualTheModel(TableArray.Params t) {
        var p = new SharedExponentTables.Params(t);
        int lanes = t.g() * t.t();
        var design = Circuit.of(() -> new SharedExponentTables(p));
        var array = design.top();
        var pokes = new TreeMap<Long, List<Runnable>>();
        var expected = new ArrayList<String>();
        var actual = new ArrayList<String>();
        try (var simulator = EngineKind.EMBEDDED.open(design)) {
            long cycle = SharedExponentTables.EARLY;
            for (int run = 0; run < 30; run++) {
                int k = 1 + random.nextInt(3 * lanes);
                var product = new Product(p.arithmetic(), t.n(), k);
                int steps = (int) p.cycles(1, k, 1);
                int[] before = ones(t.n());
                for (int plane = product.planes - 1; plane >= 0; plane--) {
                    for (int step = 0; step < steps; step++) {
                        boolean first = step == 0 && plane == product.planes - 1;
                        boolean last = step == steps - 1 && plane == 0;
                        var line = product.line(t.g(), t.t(), step);
                        var codes = product.codes(plane, 0, t.n(), t.g(), t.t(), step, step == steps - 1, before);
                        long start = product.start(plane);
                        boolean twice = step == 0 && !first;
                        at(pokes, cycle - SharedExponentTables.EARLY, () -> {
                            simulator.poke(array.activations, line);
                            simulator.poke(array.exponent, product.exponent);
                        });
                        at(pokes, cycle, () -> {
                            simulator.poke(array.valid, 1);
                            simulator.poke(array.first, first ? 1 : 0);
                            simulator.poke(array.last, last ? 1 : 0);
                            simulator.poke(array.twice, twice ? 1 : 0);
                            simulator.poke(array.initial, start);
                            simulator.poke(array.codes, codes);
                        });
                        if (last) expected.add(cycle + p.latency() + ": " + product.results(0, t.n()));
                        cycle++;
                        if (random.nextInt(5) == 0) cycle += random.nextInt(3);
                    }
                }
            }
            simulator.reset(1);
            for (long now = 0; now < cycle + p.latency() + 2; now++) {
                simulator.poke(array.valid, 0);
                for (var poke : pokes.getOrDefault(now, List.of())) poke.run();
                if (simulator.peek(array.resultValid) == 1) {
                    actual.add(now + ": "
                            + (simulator.peek(array.resultInvalid) == 1 ? "invalid" : bits(simulator, array.results)));
                }
                simulator.step(1);
            }
        }
        assertThat(actual).as("-Dlutra.seed=%d", seed).isEqualTo(expected);
    }

    @Test
    void tablesInRamEqualTheModel() {
        for (var s : List.of(
                new StationaryArray.Params(4, 4, 3, 8, 34, 2, false, 14),
                new StationaryArray.Params(2, 3, 2, 5, 28, 1, false, 12))) {
            var p = new SharedExponentStationary.Params(s);
            var design = Circuit.of(() -> new SharedExponentStationary(p));
            var array = design.top();
            var expected = new ArrayList<String>();
            var actual = new ArrayList<String>();
            try (var simulator = EngineKind.EMBEDDED.open(design)) {
                simulator.reset(1);
                long[] cycle = {0};
                Runnable step = () -> {
                    if (simulator.peek(array.resultValid) == 1) {
                        actual.add(cycle[0] + ": "
                                + (simulator.peek(array.resultInvalid) == 1
                                        ? "invalid"
                                        : bits(simulator, array.results)));
                    }
                    simulator.step(1);
                    cycle[0]++;
                    simulator.poke(array.load, 0);
                    simulator.poke(array.control.valid, 0);
                    simulator.poke(array.exponent, random.nextInt(32));
                };
                for (int run = 0; run < 8; run++) {
                    int lanes = s.g() * s.t();
                    int k = 1 + random.nextInt(3 * lanes);
                    int blocks = 3 + random.nextInt(s.blocks() - 2);
                    var product = new Product(p.arithmetic(), s.n() * blocks, k);
                    int tiles = k / lanes + 1;
                    long from = cycle[0];
                    load(simulator, array, product, s, 0);
                    long ready = cycle[0] + p.loadCycles();
                    step.run();
                    int[] before = ones(s.n() * blocks);
                    for (int plane = product.planes - 1; plane >= 0; plane--) {
                        for (int tile = 0; tile < tiles; tile++) {
                            while (cycle[0] < ready) step.run();
                            for (int block = 0; block < blocks; block++) {
                                boolean last = plane == 0 && tile == tiles - 1;
                                if (block == 0 && !last) {
                                    load(simulator, array, product, s, (tile + 1) % tiles);
                                    ready = cycle[0] + Math.max(blocks, p.loadCycles());
                                }
                                boolean restart = tile == 0 && plane == product.planes - 1;
                                simulator.poke(array.control.valid, 1);
                                simulator.poke(array.control.tileFirst, block == 0 ? 1 : 0);
                                simulator.poke(array.control.restart, restart ? 1 : 0);
                                simulator.poke(array.control.twice, tile == 0 && !restart ? 1 : 0);
                                simulator.poke(array.control.last, last ? 1 : 0);
                                simulator.poke(array.control.block, block);
                                simulator.poke(array.initial, product.start(plane));
                                simulator.poke(
                                        array.codes,
                                        product.codes(
                                                plane,
                                                block * s.n(),
                                                s.n(),
                                                s.g(),
                                                s.t(),
                                                tile,
                                                tile == tiles - 1,
                                                before));
                                if (last) {
                                    expected.add(cycle[0] + p.latency() + ": " + product.results(block * s.n(), s.n()));
                                }
                                step.run();
                            }
                        }
                    }
                    assertThat(cycle[0] - from).isEqualTo(p.cycles(product.planes, tiles, blocks));
                }
                for (int i = 0; i < p.latency() + 2; i++) step.run();
            }
            assertThat(actual).as("-Dlutra.seed=%d", seed).isEqualTo(expected);
        }
    }

    private static void load(
            Simulator simulator, SharedExponentStationary array, Product product, StationaryArray.Params s, int tile) {
        simulator.poke(array.load, 1);
        simulator.poke(array.activations, product.line(s.g(), s.t(), tile));
        simulator.poke(array.exponent, product.exponent);
    }

    private static String bits(Simulator simulator, dev.lutra.hdl.Vec<dev.lutra.hdl.Bits> results) {
        return results.stream()
                .map(r -> Long.toHexString(simulator.peek(r)))
                .toList()
                .toString();
    }

    private static int[] ones(int count) {
        int[] ones = new int[count];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }

    private static void at(TreeMap<Long, List<Runnable>> pokes, long cycle, Runnable poke) {
        pokes.computeIfAbsent(cycle, c -> new ArrayList<>()).add(poke);
    }

    /** Every binary16 number under every exponent that a block of it can have. */
    @Engines
    void alignsEveryNumber(EngineKind engine) {
        var arithmetic = new SharedExponent(14);
        var design = Circuit.of(() -> new ActivationAligner(new ActivationAligner.Params(14)));
        var top = design.top();
        try (var simulator = engine.open(design)) {
            int rows = 1 << 16;
            var batch = simulator.batch(List.of(top.activation, top.exponent), List.of(top.aligned), rows + 2);
            for (int exponent = 1; exponent < 31; exponent++) {
                for (int half = 0; half < rows; half++) {
                    int own = half >> 10 & 31;
                    batch.stimulus().put(2 * half, own <= exponent ? half : 0);
                    batch.stimulus().put(2 * half + 1, exponent);
                }
                batch.run(rows + 2);
                for (int half = 0; half < rows; half++) {
                    long wanted = (half >> 10 & 31) <= exponent ? arithmetic.align(half, exponent) : 0;
                    long actual = batch.response().get(half + 2);
                    if (actual != (wanted & 0x3FFF)) {
                        assertThat(actual).as("%#x under %d", half, exponent).isEqualTo(wanted & 0x3FFF);
                    }
                }
            }
        }
    }

    @Test
    void findsTheExponentOfABlock() {
        for (int lanes : new int[] {2, 5, 16}) {
            var p = new ExponentScan.Params(lanes);
            var design = Circuit.of(() -> new ExponentScan(p));
            var top = design.top();
            try (var simulator = EngineKind.EMBEDDED.open(design)) {
                simulator.reset(1);
                for (int run = 0; run < 100; run++) {
                    long[] block = Halves.random(random, lanes * (1 + random.nextInt(4)));
                    for (int from = 0; from < block.length; from += lanes) {
                        simulator.poke(top.valid, 1);
                        simulator.poke(top.first, from == 0 ? 1 : 0);
                        simulator.poke(
                                top.activations, Halves.line(java.util.Arrays.copyOfRange(block, from, from + lanes)));
                        simulator.step(1);
                        simulator.poke(top.valid, 0);
                        if (random.nextBoolean()) simulator.step(1);
                    }
                    simulator.step(p.latency());
                    assertThat(simulator.peek(top.exponent))
                            .as("-Dlutra.seed=%d", seed)
                            .isEqualTo(SharedExponent.exponent(block));
                }
            }
        }
    }

    /** Step 3 of the documentation: the error of an activation, none at all where 41 bits are kept; step 5 with sums that are exact. */
    @Test
    void loosesWhatItSays() {
        for (int bits : new int[] {12, 14, 24, 41}) {
            var arithmetic = new SharedExponent(bits);
            for (int i = 0; i < 2000; i++) {
                long[] halves = Halves.random(random, 8);
                int x = SharedExponent.exponent(halves);
                double unit = Math.scalb(1.0, x - 13 - bits);
                double exact = 0;
                long sum = 0;
                for (long half : halves) {
                    double value = FloatFormat.BINARY16.decode(half);
                    long aligned = arithmetic.align(half, x);
                    assertThat(Math.abs(aligned * unit - value)).isLessThanOrEqualTo(bits == 41 ? 0 : unit / 2);
                    assertThat(Math.abs(aligned)).isLessThan(1L << bits - 1);
                    exact += value;
                    sum += aligned;
                }
                if (bits == 41) {
                    assertThat(arithmetic.result(sum, x)).isEqualTo(FloatFormat.BINARY32.encode(exact));
                }
            }
        }
    }

    @Test
    void numbersAreRoundedToTheNearestHalf() {
        for (int half = 0; half < 1 << 16; half++) {
            float value = (float) FloatFormat.BINARY16.decode(half);
            assertThat(SharedExponent.isFinite(half)).isEqualTo(Float.isFinite(value));
            if (Float.isNaN(value)) continue;
            // itself, the tie with its neighbour, and both sides of the tie
            float next = (float) FloatFormat.BINARY16.decode(half + 1);
            float tie = Float.isFinite(next) ? value + (next - value) / 2 : Math.copySign(65520, value);
            for (float x : new float[] {value, tie, Math.nextUp(tie), Math.nextDown(tie)}) {
                assertThat(SharedExponent.half(x)).as("%a", x).isEqualTo(FloatFormat.BINARY16.encode(x));
            }
        }
        assertThat(SharedExponent.half(Float.MAX_VALUE)).isEqualTo(0x7C00);
        assertThat(SharedExponent.isFinite(SharedExponent.half(Float.NaN))).isFalse();
    }

    @Test
    void refusesWidthsThatCannotBe() {
        assertThatThrownBy(() -> new SharedExponent(11)).hasMessageContaining("11 bits: 12..48");
        assertThatThrownBy(() -> new TableArray.Params(TableKind.MAPPED, 1, 4, 4, 1, 24, 49))
                .hasMessageContaining("49 bits: 2..48");
        assertThatThrownBy(() -> new TableArray.Params(TableKind.MAPPED, 1, 4, 4, 1, 19, 14))
                .hasMessageContaining("needed are 20");
    }
}
