// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.machine.NmRatio;
import dev.lutra.sim.Simulator;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A slot of a chain in plain Java: activations and pruned rows of weights.
 *
 * @param ratio of the slot
 * @param matrixVector whether rows of weights share activations
 * @param activations [rows][length]
 * @param rows [rows that share a mask][M/N][length], not kept ones 0
 * @param kept [M/N][length]
 */
record ChainSlot(
        DspChain.Params p,
        NmRatio ratio,
        boolean matrixVector,
        byte[][] activations,
        byte[][][] rows,
        boolean[][] kept) {

    /** All ratios of a chain. */
    static List<NmRatio> ratios(int block) {
        var ratios = new ArrayList<NmRatio>();
        for (int m = 1; m <= block; m *= 2) {
            for (int n = 1; n <= m; n *= 2) ratios.add(new NmRatio(n, m));
        }
        return ratios;
    }

    /** A random slot; a third of them with operands at the ends of their range, of one sign of products each. */
    static ChainSlot random(Random random, DspChain.Params p, NmRatio ratio, int t) {
        int kind = random.nextInt(6);
        var packing = p.packing();
        byte[][] activations = new byte[packing.xs()][p.length()];
        byte[][][] rows = new byte[p.weightRows()][ratio.rows()][p.length()];
        boolean[][] kept = new boolean[ratio.rows()][p.length()];
        for (byte[] row : activations) fill(random, p.operandBits(), kind == 0 ? 1 : kind == 1 ? 0 : kind, row);
        for (int s = 0; s < ratio.rows(); s++) {
            for (int from = 0; from < p.length(); from += ratio.m()) {
                for (int left = ratio.n(); left > 0; ) {
                    int at = from + random.nextInt(ratio.m());
                    if (!kept[s][at]) {
                        kept[s][at] = true;
                        left--;
                    }
                }
            }
            for (byte[][] row : rows) {
                fill(random, p.operandBits(), kind <= 1 ? 1 : kind, row[s]);
                for (int k = 0; k < p.length(); k++) if (!kept[s][k]) row[s][k] = 0;
            }
        }
        return new ChainSlot(p, ratio, random.nextBoolean(), activations, rows, kept);
    }

    private static void fill(Random random, int bits, int kind, byte[] into) {
        int least = -(1 << bits - 1);
        for (int k = 0; k < into.length; k++) {
            into[k] = (byte)
                    switch (kind) {
                        case 0 -> -1 - least;
                        case 1 -> least;
                        case 2 -> random.nextBoolean() ? least : -1 - least;
                        default -> least + random.nextInt(1 << bits);
                    };
        }
    }

    /** Sums that end in a lane, by product. */
    long[] expected(int lane) {
        int places = p.block() / ratio.rows();
        int s = (lane + 1) / places - 1;
        var packing = p.packing();
        long[] sums = new long[packing.products()];
        for (int i = 0; i < packing.xs(); i++) {
            for (int k = 0; k < packing.ys(); k++) {
                for (int column = 0; column < p.length(); column++) {
                    int weight = rows[matrixVector ? i : k][s][column];
                    int activation = matrixVector && k > 0 ? 0 : activations[matrixVector ? 0 : i][column];
                    sums[i * packing.ys() + k] += weight * activation;
                }
            }
        }
        return sums;
    }

    void poke(Simulator simulator, DspChain chain) {
        poke(simulator, chain.matrixVector, chain.logN, chain.logM, chain.activations, chain.weights, chain.indices);
    }

    void poke(Simulator simulator, DspTile tile) {
        poke(simulator, tile.matrixVector, tile.logN, tile.logM, tile.activations, tile.weights, tile.indices);
    }

    private void poke(
            Simulator simulator, Bool mode, UInt logN, UInt logM, Vec<Bits> inputs, Vec<Bits> weights, Bits places) {
        int bits = p.operandBits();
        simulator.poke(mode, matrixVector ? 1 : 0);
        simulator.poke(logN, ratio.logN());
        simulator.poke(logM, ratio.logM());
        for (int i = 0; i < activations.length; i++) {
            simulator.poke(inputs.get(i), pack(activations[i], bits));
        }
        byte[] indices = new byte[0];
        for (int i = 0; i < rows.length; i++) {
            var placed = ChainWeights.of(ratio, p.block(), rows[i], kept);
            simulator.poke(weights.get(i), pack(placed.weights(), bits));
            indices = placed.indices();
        }
        int indexBits = Integer.numberOfTrailingZeros(p.block());
        if (indexBits > 0) {
            simulator.poke(places, pack(indices, indexBits));
        }
    }

    /** The slot as assignments of a Verilog bench. */
    String verilog() {
        int bits = p.operandBits();
        var text = new StringBuilder(
                "matrixVector = %d; logN = %d; logM = %d;".formatted(matrixVector ? 1 : 0, ratio.logN(), ratio.logM()));
        for (int i = 0; i < activations.length; i++) text.append(" a%d = %s;".formatted(i, word(activations[i], bits)));
        byte[] indices = new byte[0];
        for (int i = 0; i < rows.length; i++) {
            var placed = ChainWeights.of(ratio, p.block(), rows[i], kept);
            text.append(" w%d = %s;".formatted(i, word(placed.weights(), bits)));
            indices = placed.indices();
        }
        return text.append(" indices = %s;".formatted(word(indices, Integer.numberOfTrailingZeros(p.block()))))
                .toString();
    }

    private static String word(byte[] values, int bits) {
        return values.length * bits + "'h" + pack(values, bits).toString(16);
    }

    static BigInteger pack(byte[] values, int bits) {
        var all = BigInteger.ZERO;
        for (int i = values.length - 1; i >= 0; i--) {
            all = all.shiftLeft(bits).or(BigInteger.valueOf(values[i] & (1 << bits) - 1));
        }
        return all;
    }
}
