// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.pe.Tool;
import dev.lutra.pe.WeightCode;
import dev.lutra.pe.dot.StationaryArray.Params;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables in distributed RAM against the functional model and the direct sum, cycle by cycle. */
@Engines
class StationaryArrayTest {
    private final EngineKind engine;

    StationaryArrayTest(EngineKind engine) {
        this.engine = engine;
    }

    static Stream<Params> shapes() {
        return Stream.of(
                new Params(4, 5, 16, 32, 24, 2),
                new Params(7, 5, 2, 32, 24, 7),
                new Params(2, 4, 5, 16, 24, 1),
                new Params(2, 6, 3, 64, 24, 2),
                new Params(3, 2, 4, 8, 20, 1),
                new Params(2, 3, 8, 4, 32, 2),
                new Params(4, 3, 5, 32, 24, 2, true),
                new Params(7, 3, 2, 16, 20, 7, true));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void equalsTheModelInTheCyclesOfTheFormula(Params p) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        var design = Circuit.of(() -> new StationaryArray(p));
        try (var simulator = Tool.open(engine, design)) {
            for (int run = 0; run < 6; run++) {
                int bits = random.nextInt(9);
                var code = bits == 0 || p.ternary() ? WeightCode.TERNARY : WeightCode.signed(bits);
                int blocks = 1 + random.nextInt(p.blocks());
                if (run == 0) blocks = p.blocks();
                int k = 1 + random.nextInt(4 * p.g() * p.t());
                var chain = new ArrayList<Dots>();
                for (int i = run % 3; i >= 0; i--) chain.add(Dots.random(random, code, blocks * p.n(), k));
                try {
                    new Issuer(p, design.top(), simulator, random, chain, blocks).check();
                } catch (AssertionError e) {
                    throw new AssertionError(p + ", run " + run + ", -Dlutra.seed=" + seed + ": " + e.getMessage(), e);
                }
            }
        }
    }

    @Test
    void refusesShapesThatCannotBe() {
        assertThatThrownBy(() -> new Params(7, 7, 4, 32, 24, 7)).hasMessageContaining("2..6, not 7");
        assertThatThrownBy(() -> new Params(8, 5, 4, 32, 24, 7)).hasMessageContaining("not a multiple of the 7");
        assertThatThrownBy(() -> new Params(7, 5, 1, 32, 24, 7)).hasMessageContaining("1 tables");
        assertThatThrownBy(() -> new Params(7, 4, 4, 32, 24, 7, true)).hasMessageContaining("3 activations, not 4");
        assertThatThrownBy(() -> new Params(7, 5, 4, 65, 24, 7)).hasMessageContaining("4..64, not 65");
        assertThatThrownBy(() -> new Params(7, 5, 4, 32, 12, 7)).hasMessageContaining("needed are 14");
    }

    /** Drives the array by what its documentation says. */
    private static final class Issuer {
        private final Params p;
        private final StationaryArray array;
        private final Simulator simulator;
        private final Random random;
        private final List<Dots> chain;
        private final int blocks;
        private final List<long[]> results = new ArrayList<>();
        private final List<Long> arrivals = new ArrayList<>();
        private Dots dots;
        private long cycle;

        Issuer(Params p, StationaryArray array, Simulator simulator, Random random, List<Dots> chain, int blocks) {
            this.p = p;
            this.array = array;
            this.simulator = simulator;
            this.random = random;
            this.chain = chain;
            this.dots = chain.get(0);
            this.blocks = blocks;
        }

        void check() {
            int tileSize = p.g() * p.t();
            // The last tile's activation G-1 is padding, of ternary codes all of table 0.
            int tiles = 1;
            while (element(tiles - 1, 0, p.ternary() ? 0 : p.g() - 1) < dots.activations().length
                    || tiles * tileSize < dots.activations().length) {
                tiles++;
            }
            int planes = p.ternary() ? 1 : dots.code().planes();
            var expected = new ArrayList<Long>();
            simulator.reset(1);
            idle();
            load(0);
            step();
            long first = cycle - 1;
            long nextStart = first + p.loadCycles();
            for (int product = 0; product < chain.size(); product++) {
                nextStart = issue(product, planes, tiles, nextStart, expected);
            }
            assertThat(cycle - first)
                    .isEqualTo((chain.size() - 1) * p.chained(planes, tiles, blocks) + p.cycles(planes, tiles, blocks));
            for (int i = 0; i <= p.latency(); i++) step();
            assertThat(arrivals).isEqualTo(expected);
            for (int i = 0; i < chain.size() * blocks; i++) {
                dots = chain.get(i / blocks);
                int block = i % blocks;
                for (int n = 0; n < p.n(); n++) {
                    assertThat(results.get(i)[n])
                            .as("block %d, column %d of %s, K = %d", block, n, dots.code(), dots.activations().length)
                            .isEqualTo(wrapped(dots.bipolar(block * p.n() + n)));
                }
            }
        }

        /** Slots of a product; the tables of what comes after each tile are loaded with its first slot. */
        private long issue(int product, int planes, int tiles, long start, List<Long> expected) {
            long nextStart = start;
            int[][] sign = new int[blocks][p.n()];
            for (int plane = planes - 1; plane >= 0; plane--) {
                for (int tile = 0; tile < tiles; tile++) {
                    while (cycle < nextStart) step();
                    nextStart = cycle + Math.max(blocks, p.loadCycles());
                    for (int block = 0; block < blocks; block++) {
                        boolean last = plane == 0 && tile == tiles - 1;
                        dots = chain.get(product);
                        if (block == 0 && !last) {
                            load((tile + 1) % tiles);
                        } else if (block == 0 && product + 1 < chain.size()) {
                            dots = chain.get(product + 1);
                            load(0);
                            dots = chain.get(product);
                        }
                        boolean restart = tile == 0 && plane == planes - 1;
                        simulator.poke(array.control.valid, 1);
                        simulator.poke(array.control.tileFirst, block == 0 ? 1 : 0);
                        simulator.poke(array.control.restart, restart ? 1 : 0);
                        simulator.poke(array.control.twice, tile == 0 && !restart ? 1 : 0);
                        simulator.poke(array.control.last, last ? 1 : 0);
                        simulator.poke(array.control.block, block);
                        long initial = p.ternary()
                                ? 0
                                : restart ? dots.correction() >> planes - 1 : dots.correction() >> plane & 1;
                        simulator.poke(array.initial, initial);
                        simulator.poke(array.codes, codes(plane, tile, block, tile == tiles - 1, sign));
                        if (last) expected.add(cycle + p.latency());
                        step();
                        idle();
                    }
                }
            }
            return nextStart;
        }

        private long wrapped(long sum) {
            return sum << 64 - p.sumBits() >> 64 - p.sumBits();
        }

        /** Index of an element in the row; sign elements of the tables come last in their tile, so that padding meets them first. */
        private int element(int tile, int t, int k) {
            int tileSize = p.g() * p.t();
            if (p.ternary()) return tile * tileSize + p.g() * (p.t() - 1 - t) + k;
            int place = k == p.g() - 1 ? p.t() * (p.g() - 1) + p.t() - 1 - t : t * (p.g() - 1) + k;
            return tile * tileSize + place;
        }

        private void load(int tile) {
            var line = BigInteger.ZERO;
            for (int t = 0; t < p.t(); t++) {
                for (int k = 0; k < p.g(); k++) {
                    int a = dots.activation(element(tile, t, k)) & 0xff;
                    line = line.or(BigInteger.valueOf(a).shiftLeft(8 * (p.g() * t + k)));
                }
            }
            simulator.poke(array.load, 1);
            simulator.poke(array.activations, line);
        }

        private BigInteger codes(int plane, int tile, int block, boolean lastTile, int[][] before) {
            if (p.ternary()) return ternaryCodes(tile, block, lastTile, before);
            var word = BigInteger.ZERO;
            for (int n = 0; n < p.n(); n++) {
                int[] top = new int[p.t()];
                for (int t = 0; t < p.t(); t++) {
                    int[] s = new int[p.g()];
                    for (int k = 0; k < p.g(); k++) {
                        s[k] = dots.sign(block * p.n() + n, element(tile, t, k), plane, random);
                    }
                    if (t == 0 && lastTile) s[p.g() - 1] = 1;
                    top[t] = s[p.g() - 1];
                    int code = 0;
                    for (int k = 0; k < p.g() - 1; k++) if (s[k] != top[t]) code |= 1 << k;
                    int other = t == 0 ? before[block][n] == 0 ? 1 : before[block][n] : top[t & t - 1];
                    if (top[t] != other) code |= 1 << p.g() - 1;
                    word = word.or(BigInteger.valueOf(code).shiftLeft(p.g() * (n * p.t() + t)));
                }
                before[block][n] = top[0];
            }
            return word;
        }

        /** Three weights to an index, as the documentation lists them; where all are 0, any sign. */
        private static final List<String> INDEXES = List.of(
                "000", "+00", "++0", "0+0", "-+0", "-++", "0++", "+++", "+0+", "00+", "-0+", "--+", "0-+", "+-+");

        private BigInteger ternaryCodes(int tile, int block, boolean lastTile, int[][] before) {
            var word = BigInteger.ZERO;
            for (int n = 0; n < p.n(); n++) {
                int[] sign = new int[p.t()];
                byte[] row = dots.weights()[block * p.n() + n];
                for (int t = 0; t < p.t(); t++) {
                    var plus = new StringBuilder();
                    var minus = new StringBuilder();
                    for (int k = 0; k < p.g(); k++) {
                        int at = element(tile, t, k);
                        int w = at < row.length ? row[at] : t == 0 && lastTile ? 0 : random.nextInt(3) - 1;
                        plus.append("-0+".charAt(w + 1));
                        minus.append("+0-".charAt(w + 1));
                    }
                    int index = INDEXES.indexOf(plus.toString());
                    sign[t] = index == 0 && !(t == 0 && lastTile) ? random.nextBoolean() ? 1 : -1 : index >= 0 ? 1 : -1;
                    if (index < 0) index = INDEXES.indexOf(minus.toString());
                    int other = t == 0 ? before[block][n] == 0 ? 1 : before[block][n] : sign[t & t - 1];
                    int code = index | (sign[t] != other ? 1 << p.codeBits() - 1 : 0);
                    word = word.or(BigInteger.valueOf(code).shiftLeft(p.codeBits() * (n * p.t() + t)));
                }
                before[block][n] = sign[0];
            }
            return word;
        }

        /** Noise where nothing is valid. */
        private void idle() {
            simulator.poke(array.load, 0);
            simulator.poke(array.control.valid, 0);
            simulator.poke(array.control.tileFirst, random.nextInt(2));
            simulator.poke(array.control.restart, random.nextInt(2));
            simulator.poke(array.control.twice, random.nextInt(2));
            simulator.poke(array.control.last, random.nextInt(2));
            simulator.poke(array.codes, new BigInteger(array.codes.width(), random));
            simulator.poke(array.activations, new BigInteger(array.activations.width(), random));
        }

        private void step() {
            if (simulator.peek(array.resultValid) == 1) {
                long[] row = new long[p.n()];
                for (int n = 0; n < p.n(); n++) row[n] = simulator.peek(array.results.get(n));
                results.add(row);
                arrivals.add(cycle);
            }
            simulator.step(1);
            cycle++;
            simulator.poke(array.load, 0);
        }
    }
}
