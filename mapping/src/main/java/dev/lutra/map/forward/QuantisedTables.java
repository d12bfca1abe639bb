// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.machine.Engine;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.pe.dot.TableModel;
import java.util.Arrays;

/**
 * Sums of an engine whose tables are quantised ({@link dev.lutra.machine.Tables#quantised}), from their definition ({@link TableModel}): tiles are the
 * engine's steps, weights are widened to whole passes. What is left of z' is taken off exactly; where it is not 0, a group's sum is halved
 * and rounded down, without scales the whole sum.
 */
final class QuantisedTables {
    private QuantisedTables() {}

    /** Accumulators [row][output] of one matrix. */
    static long[][] multiply(Engine engine, CodedMatrix matrix, byte[][] rows) {
        long[][] sums = new long[rows.length][matrix.rows()];
        short[] weights = new short[matrix.cols()];
        for (int n = 0; n < matrix.rows(); n++) {
            matrix.readValues(n, weights);
            for (int row = 0; row < rows.length; row++) {
                sums[row][n] = sum(engine, matrix, n, weights, rows[row]);
            }
        }
        return sums;
    }

    private static long sum(Engine engine, CodedMatrix matrix, int n, short[] weights, byte[] row) {
        var format = matrix.format();
        boolean folds = engine.foldsOffsets(format.zeroPoint());
        int planes = format.planes() + (folds ? 1 : 0);
        int bits = engine.passes(planes) * engine.planes();
        int zero = engine.zeroPoint(planes, folds ? 1 : format.zeroPoint());
        int[] codes = new int[weights.length];
        int[] activations = new int[weights.length];
        for (int k = 0; k < codes.length; k++) {
            // q' - z' = 2 w, and q' = w without a zero point; q' = 2 q - (2^bits - 1)
            int bipolar = zero == 0 ? weights[k] : 2 * weights[k] + zero;
            codes[k] = (bipolar + (1 << bits) - 1) / 2;
            activations[k] = row[k];
        }
        int size = matrix.groupSize() == 0 ? codes.length : matrix.groupSize();
        int halves = zero == 0 ? 0 : 1;
        long sum = 0;
        for (int group = 0; group < matrix.groups(); group++) {
            int[] a = Arrays.copyOfRange(activations, group * size, Math.min(codes.length, (group + 1) * size));
            int[] q = Arrays.copyOfRange(codes, group * size, Math.min(codes.length, (group + 1) * size));
            long inner = TableModel.dot(a, q, null, 1, bits, engine.t(), engine.g(), true)
                    .longValueExact();
            inner -= (long) zero * Arrays.stream(a).sum();
            sum += matrix.groupSize() == 0 ? inner : matrix.groupScale(n, group) * (inner >> halves);
        }
        return matrix.groupSize() == 0 ? sum >> halves : sum;
    }
}
