// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.pe.dot.TableOptions.Order;
import dev.lutra.sim.Simulator;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Issues random products to a {@link TableCore} by what its documentation says, and compares every result and its cycle. */
final class TableIssuer {

    private final TableOptions o;
    private final TableCore core;
    private final Simulator simulator;
    private final Random random;
    private final List<Long> arrivals = new ArrayList<>();
    private final List<BigInteger[]> results = new ArrayList<>();
    private final List<Long> expectedAt = new ArrayList<>();
    private final List<int[]> expected = new ArrayList<>(); // block of rows, block of columns
    private long cycle;

    private int rows;
    private int k;
    private int columns;
    private int bits;
    private int wide;
    private int group;
    private int[][] a;
    private int[][] q;
    private int[][] z;

    TableIssuer(TableOptions o, TableCore core, Simulator simulator, Random random) {
        this.o = o;
        this.core = core;
        this.simulator = simulator;
        this.random = random;
    }

    void product() {
        choose();
        simulator.reset(1);
        idle();
        long first = cycle;
        if (o.order() == Order.SUMS_STAY) sumsStay();
        else tablesStay();
        assertThat(cycle - first).as("cycles").isEqualTo(o.cycles(rows, k, columns, bits));
        for (int i = 0; i <= o.latency(); i++) step();
        assertThat(arrivals).isEqualTo(expectedAt);
        for (int i = 0; i < results.size(); i++) {
            for (int m = 0; m < o.m(); m++) {
                for (int n = 0; n < o.n(); n++) {
                    int row = expected.get(i)[0] * o.m() + m;
                    int column = expected.get(i)[1] * o.n() + n;
                    if (row < rows && column < columns) {
                        assertThat(results.get(i)[m * o.n() + n])
                                .as("row %d, column %d, %d bits, K = %d, groups of %d", row, column, bits, k, group)
                                .isEqualTo(wrapped(TableModel.dot(
                                        a[row],
                                        q[column],
                                        z == null ? null : z[column],
                                        group,
                                        wide,
                                        o.t(),
                                        o.g(),
                                        o.quantised())));
                    }
                }
            }
        }
    }

    private void choose() {
        bits = 1 + random.nextInt(8);
        wide = o.passes(bits) * o.planes();
        if (wide > 8) { // 8 planes at most, and codes of a byte
            bits = 8 / o.planes() * o.planes();
            wide = bits;
        }
        rows = 1 + random.nextInt(2 * o.m());
        columns = 1 + random.nextInt((o.blocks() == 1 ? 2 : o.blocks() + 2) * o.n());
        k = 1 + random.nextInt(3 * o.lanes());
        int limit = (1 << o.activationBits() - 1) - 1;
        int kind = random.nextInt(4);
        a = new int[rows][k];
        for (int[] row : a) {
            for (int i = 0; i < k; i++) {
                row[i] = kind == 0
                        ? limit
                        : kind == 1
                                ? -limit
                                : kind == 2 ? random.nextInt(41) - 20 : random.nextInt(2 * limit + 1) - limit;
            }
        }
        // Codes of more planes than the weights have stand for the same odd numbers.
        int more = (1 << wide - 1) - (1 << bits - 1);
        q = new int[columns][k];
        for (int[] column : q) for (int i = 0; i < k; i++) column[i] = more + random.nextInt(1 << bits);
        group = o.lanes() * (1 + random.nextInt(3));
        z = o.zeroPoints() ? new int[columns][(k + group - 1) / group] : null;
        if (z != null) {
            for (int[] column : z) for (int i = 0; i < column.length; i++) column[i] = more + random.nextInt(1 << bits);
        }
    }

    private int tiles() {
        return (k + o.lanes() - 1) / o.lanes();
    }

    private int passes() {
        return wide / o.planes();
    }

    /** Number of the i-th pass in time; pass 0 has the least significant planes. */
    private int pass(int i) {
        return o.leastFirst() ? i : passes() - 1 - i;
    }

    private void sumsStay() {
        for (int m = 0; m * o.m() < rows; m++) {
            for (int n = 0; n * o.n() < columns; n++) {
                for (int i = 0; i < passes(); i++) {
                    for (int tile = 0; tile < tiles(); tile++) {
                        simulator.poke(core.activations, line(m, tile));
                        slot(m, n, 0, i, tile, false);
                    }
                }
            }
        }
    }

    private record Tile(int m, int firstBlock, int blocks, int pass, int tile) {}

    private void tablesStay() {
        var order = new ArrayList<Tile>();
        int all = (columns + o.n() - 1) / o.n();
        for (int m = 0; m * o.m() < rows; m++) {
            for (int n = 0; n < all; n += o.blocks()) {
                for (int i = 0; i < passes(); i++) {
                    for (int tile = 0; tile < tiles(); tile++) {
                        order.add(new Tile(m, n, Math.min(o.blocks(), all - n), i, tile));
                    }
                }
            }
        }
        load(order.get(0));
        long next = cycle + o.loadCycles();
        step();
        for (int at = 0; at < order.size(); at++) {
            var tile = order.get(at);
            while (cycle < next) step();
            next = cycle + o.period(tile.blocks());
            if (at + 1 < order.size()) load(order.get(at + 1));
            for (int block = 0; block < tile.blocks(); block++) {
                slot(tile.m(), tile.firstBlock() + block, block, tile.pass(), tile.tile(), block == 0);
            }
        }
    }

    private void load(Tile tile) {
        simulator.poke(core.activations, line(tile.m(), tile.tile()));
        simulator.poke(core.load, 1);
    }

    private void slot(int m, int n, int block, int i, int tile, boolean tileFirst) {
        boolean last = i == passes() - 1 && tile == tiles() - 1;
        simulator.poke(core.control.valid, 1);
        simulator.poke(core.control.tileFirst, tileFirst ? 1 : 0);
        simulator.poke(core.control.first, i == 0 && tile == 0 ? 1 : 0);
        simulator.poke(core.control.next, i > 0 && tile == 0 ? 1 : 0);
        simulator.poke(core.control.last, last ? 1 : 0);
        simulator.poke(core.control.pass, pass(i));
        simulator.poke(core.control.block, block);
        simulator.poke(core.codes, codes(n, tile, pass(i) * o.planes()));
        if (core.zeroPoints != null) simulator.poke(core.zeroPoints, zeros(n, tile, pass(i) * o.planes()));
        if (last) {
            expectedAt.add(cycle + o.latency());
            expected.add(new int[] {m, n});
        }
        step();
        idle();
    }

    private BigInteger line(int m, int tile) {
        var line = BigInteger.ZERO;
        for (int i = 0; i < o.m(); i++) {
            for (int lane = 0; lane < o.lanes(); lane++) {
                int row = m * o.m() + i;
                int at = tile * o.lanes() + lane;
                int value = row < rows && at < k ? a[row][at] : 0;
                line = line.or(BigInteger.valueOf(value & (1 << o.activationBits()) - 1)
                        .shiftLeft((i * o.lanes() + lane) * o.activationBits()));
            }
        }
        return line;
    }

    private BigInteger codes(int block, int tile, int plane) {
        var word = BigInteger.ZERO;
        for (int n = 0; n < o.n(); n++) {
            for (int t = 0; t < o.t(); t++) {
                for (int p = 0; p < o.planes(); p++) {
                    int raw = 0;
                    for (int i = 0; i < o.g(); i++) {
                        int column = block * o.n() + n;
                        int at = tile * o.lanes() + t * o.g() + i;
                        boolean bit = column < columns && at < k
                                ? (q[column][at] >> plane + p & 1) == 1
                                : random.nextBoolean();
                        if (bit) raw |= 1 << i;
                    }
                    int top = 1 << o.g() - 1;
                    int code = (raw & top) == 0 ? raw : raw ^ top - 1;
                    word = word.or(BigInteger.valueOf(code).shiftLeft(o.g() * ((n * o.t() + t) * o.planes() + p)));
                }
            }
        }
        return word;
    }

    private BigInteger zeros(int block, int tile, int plane) {
        var word = BigInteger.ZERO;
        for (int n = 0; n < o.n(); n++) {
            int column = block * o.n() + n;
            if (column >= columns) continue;
            for (int p = 0; p < o.planes(); p++) {
                if ((z[column][tile * o.lanes() / group] >> plane + p & 1) == 0) word = word.setBit(n * o.planes() + p);
            }
        }
        return word;
    }

    private BigInteger wrapped(BigInteger value) {
        var modulus = BigInteger.ONE.shiftLeft(o.sumBits());
        var rest = value.mod(modulus);
        return rest.testBit(o.sumBits() - 1) ? rest.subtract(modulus) : rest;
    }

    /** Noise where nothing is valid. */
    private void idle() {
        simulator.poke(core.control.valid, 0);
        simulator.poke(core.control.tileFirst, random.nextInt(2));
        simulator.poke(core.control.first, random.nextInt(2));
        simulator.poke(core.control.last, random.nextInt(2));
        simulator.poke(core.control.pass, random.nextInt(8));
        simulator.poke(core.codes, new BigInteger(core.codes.width(), random));
        simulator.poke(core.activations, new BigInteger(core.activations.width(), random));
        if (core.load != null) simulator.poke(core.load, 0);
    }

    private void step() {
        if (simulator.peek(core.resultValid) == 1) {
            var row = new BigInteger[core.results.size()];
            for (int i = 0; i < row.length; i++) row[i] = BigInteger.valueOf(simulator.peek(core.results.get(i)));
            results.add(row);
            arrivals.add(cycle);
        }
        simulator.step(1);
        cycle++;
        if (core.load != null) simulator.poke(core.load, 0);
    }
}
