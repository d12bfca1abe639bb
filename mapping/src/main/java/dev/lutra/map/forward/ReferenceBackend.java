// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.map.model.Region;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.QuantizedModel;

/** The specification of every device, in plain Java: sums of products of activations and codes, never of packed bits. */
public final class ReferenceBackend implements LinearBackend {
    /** So many products of two INT8 values fit an int with room to spare. */
    private static final int BLOCK = 1 << 16;

    private final QuantizedModel model;

    public ReferenceBackend(QuantizedModel model) {
        this.model = model;
    }

    @Override
    public long[][] run(Region region, int layer, byte[][] rows) {
        return multiply(model.matrix(region, layer), rows);
    }

    /** Accumulators [row][output] of one matrix. */
    public static long[][] multiply(QuantizedMatrix matrix, byte[][] rows) {
        long[][] accumulators = new long[rows.length][matrix.rows()];
        byte[] codes = new byte[matrix.cols()];
        for (int n = 0; n < matrix.rows(); n++) {
            matrix.readCodes(n, codes);
            for (int i = 0; i < rows.length; i++) {
                accumulators[i][n] = accumulate(matrix, n, codes, rows[i]);
            }
        }
        return accumulators;
    }

    private static long accumulate(QuantizedMatrix matrix, int row, byte[] codes, byte[] activations) {
        if (activations.length != codes.length) {
            throw new IllegalArgumentException(activations.length + " activations for " + codes.length + " inputs");
        }
        int groupSize = matrix.groupSize() == 0 ? codes.length : matrix.groupSize();
        long sum = 0;
        for (int group = 0; group < matrix.groups(); group++) {
            int from = group * groupSize;
            int to = Math.min(from + groupSize, codes.length);
            sum += matrix.groupScale(row, group) * dot(codes, activations, from, to);
        }
        return sum;
    }

    private static long dot(byte[] codes, byte[] activations, int from, int to) {
        long sum = 0;
        for (int start = from; start < to; start += BLOCK) {
            int end = Math.min(start + BLOCK, to);
            int part = 0;
            for (int k = start; k < end; k++) {
                part += codes[k] * activations[k];
            }
            sum += part;
        }
        return sum;
    }
}
