// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import dev.lutra.machine.NmRatio;
import dev.lutra.map.forward.LinearBackend;
import dev.lutra.map.model.Region;
import dev.lutra.map.prune.Kept;
import dev.lutra.map.prune.Pruning;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.pe.dsp.ChainWeights;
import dev.lutra.pe.dsp.DspTile;
import dev.lutra.sim.Simulator;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Linear layers on one simulated {@link DspTile} of INT8: pairs of rows of activations in matrix-matrix mode, a last row in matrix-vector
 * mode with pairs of weight rows, where these share their masks.
 */
final class TileBackend implements LinearBackend {
    /** Weights and indices of a slot, and the columns it takes: those of window {@code window}, of which it is slot {@code turn}. */
    private record Slot(
            NmRatio ratio, List<BigInteger> weights, BigInteger indices, int window, int turn, boolean last) {}

    /** Slots of a matrix, with so many of its rows in each of the tile's. */
    private record Slots(int perRow, List<Slot> slots) {}

    private final QuantizedModel model;
    private final Pruning pruning;
    private final DspTile.Params params;
    private final DspTile tile;
    private final Simulator simulator;
    private final Map<String, Slots> known = new HashMap<>();
    private long cycles;

    TileBackend(QuantizedModel model, Pruning pruning, DspTile.Params params, DspTile tile, Simulator simulator) {
        this.model = model;
        this.pruning = pruning;
        this.params = params;
        this.tile = tile;
        this.simulator = simulator;
        simulator.poke(tile.valid, 0);
        simulator.reset(1);
    }

    /** Cycles since the start, the tile's fill counted once per region and chunk of rows. */
    long cycles() {
        return cycles;
    }

    @Override
    public long[][] run(Region region, int layer, byte[][] rows) {
        int outputs = model.matrix(region, layer).rows();
        long[][] sums = new long[rows.length][outputs];
        for (int i = 0; i < rows.length; i += 2) {
            boolean vector = i + 1 == rows.length;
            Slots slots =
                    known.computeIfAbsent(region + " " + layer + " " + vector, key -> slots(region, layer, vector));
            byte[] second = vector ? new byte[rows[i].length] : rows[i + 1];
            List<long[][]> done = play(slots, vector, rows[i], second);
            for (int n = 0; n < outputs; n++) {
                int row = n / slots.perRow();
                long[] products = done.get(row / params.chain().block())[
                        row % params.chain().block()];
                if (vector) {
                    sums[i][n] = products[n % slots.perRow()];
                } else {
                    sums[i][n] = products[0];
                    sums[i + 1][n] = products[1];
                }
            }
        }
        return sums;
    }

    private List<long[][]> play(Slots slots, boolean vector, byte[] a, byte[] b) {
        int length = params.chain().length();
        List<long[][]> done = new ArrayList<>();
        simulator.poke(tile.valid, 1);
        simulator.poke(tile.matrixVector, vector ? 1 : 0);
        for (Slot slot : slots.slots()) {
            simulator.poke(tile.logN, Integer.numberOfTrailingZeros(slot.ratio().n()));
            simulator.poke(tile.logM, Integer.numberOfTrailingZeros(slot.ratio().m()));
            simulator.poke(tile.activations.get(0), word(a, slot.window() * length, length, 8));
            simulator.poke(tile.activations.get(1), word(b, slot.window() * length, length, 8));
            for (int i = 0; i < 2; i++)
                simulator.poke(tile.weights.get(i), slot.weights().get(i));
            simulator.poke(tile.indices, slot.indices());
            simulator.poke(tile.begins, slot.turn() == 0 ? 1 : 0);
            simulator.poke(tile.first, slot.window() == 0 ? 1 : 0);
            simulator.poke(tile.last, slot.last() ? 1 : 0);
            cycle(done);
        }
        simulator.poke(tile.valid, 0);
        for (int i = 0; i < params.latency(); i++) cycle(done);
        return done;
    }

    private void cycle(List<long[][]> done) {
        simulator.step(1);
        cycles++;
        if (simulator.peek(tile.done) == 1) {
            long[][] sums = new long[tile.sums.size()][];
            for (int row = 0; row < sums.length; row++) {
                sums[row] =
                        tile.sums.get(row).stream().mapToLong(simulator::peek).toArray();
            }
            done.add(sums);
        }
    }

    private Slots slots(Region region, int layer, boolean vector) {
        NmRatio ratio = region == Region.HEAD ? NmRatio.DENSE : ((Kept.Weights) pruning.of(region, layer)).ratio();
        CodedMatrix matrix = model.matrix(region, layer);
        int block = params.chain().block();
        int length = params.chain().length();
        int perRow = vector && (ratio.n() == ratio.m() || pruning.pairs()) ? 2 : 1;
        int windows = (matrix.cols() + length - 1) / length;
        int groups = (matrix.rows() + block * perRow - 1) / (block * perRow);
        byte[][] codes = new byte[groups * block * perRow][windows * length];
        short[] values = new short[matrix.cols()];
        for (int n = 0; n < matrix.rows(); n++) {
            matrix.readValues(n, values);
            for (int c = 0; c < values.length; c++) codes[n][c] = (byte) values[c];
        }
        List<Slot> slots = new ArrayList<>();
        int turns = params.slots(ratio);
        for (int g = 0; g < groups; g++) {
            for (int w = 0; w < windows; w++) {
                for (int t = 0; t < turns; t++) {
                    int from = g * block + t * ratio.rows();
                    boolean last = w == windows - 1 && t == turns - 1;
                    slots.add(slot(codes, ratio, perRow, from, w, t, last));
                }
            }
        }
        return new Slots(perRow, slots);
    }

    private Slot slot(byte[][] codes, NmRatio ratio, int perRow, int from, int window, int turn, boolean last) {
        int length = params.chain().length();
        byte[][][] rows = new byte[2][ratio.rows()][length];
        boolean[][] kept = new boolean[ratio.rows()][length];
        for (int s = 0; s < ratio.rows(); s++) {
            for (int i = 0; i < perRow; i++) {
                System.arraycopy(codes[(from + s) * perRow + i], window * length, rows[i][s], 0, length);
            }
            for (int c = 0; c < length; c += ratio.m()) {
                int left = ratio.n();
                for (int k = c; k < c + ratio.m(); k++) {
                    kept[s][k] = rows[0][s][k] != 0 || rows[1][s][k] != 0;
                    left -= kept[s][k] ? 1 : 0;
                }
                for (int k = c; left > 0; k++) {
                    left -= kept[s][k] ? 0 : 1;
                    kept[s][k] = true;
                }
            }
        }
        var one = ChainWeights.of(ratio, params.chain().block(), rows[0], kept);
        var two = ChainWeights.of(ratio, params.chain().block(), rows[1], kept);
        int indexBits = Integer.numberOfTrailingZeros(params.chain().block());
        return new Slot(
                ratio,
                List.of(word(one.weights(), 0, length, 8), word(two.weights(), 0, length, 8)),
                word(one.indices(), 0, length, indexBits),
                window,
                turn,
                last);
    }

    private static BigInteger word(byte[] values, int from, int count, int bits) {
        BigInteger word = BigInteger.ZERO;
        for (int i = Math.min(from + count, values.length) - 1; i >= from; i--) {
            word = word.shiftLeft(bits).or(BigInteger.valueOf(values[i] & (1 << bits) - 1));
        }
        return word;
    }
}
