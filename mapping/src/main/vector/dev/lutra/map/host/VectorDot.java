// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.host;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.B2S;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The plain dot product with vectors as wide as the machine has: an activation times the INT8 weights of as many rows. Products are
 * added in 16 bits for as long as they fit, two of 8-bit weights, many of narrow ones; then in 32.
 */
final class VectorDot implements HostProduct {
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(SHORTS.vectorBitSize() / 2));
    private static final int LANES = SHORTS.length();
    private static final int ROWS = 2 * LANES;

    /** Columns whose sum fits 32 bits. */
    private static final int BLOCK = 1 << 16;

    private final PlaneMatrix matrix;
    private final List<Segment> segments;
    private final List<byte[]> weights = new ArrayList<>(); // [segment][(block * length + k) * ROWS + lane]
    private final int blocks;
    private final int inShorts;

    /** @throws IllegalArgumentException if a weight is not in -128..127 */
    VectorDot(PlaneMatrix matrix) {
        this.matrix = matrix;
        segments = Segment.of(matrix, BLOCK);
        blocks = (matrix.rows() + ROWS - 1) / ROWS;
        inShorts = Math.max(1, Short.MAX_VALUE / (127 * matrix.bound()));
        for (Segment segment : segments) {
            byte[] packed = new byte[Math.multiplyExact(blocks * segment.length(), ROWS)];
            for (int row = 0; row < matrix.rows(); row++) {
                // Even lanes hold the first half of the rows, odd lanes the others: widening leaves them in order.
                int half = row % ROWS / LANES * LANES;
                int inHalf = row % LANES;
                int lane = half + 2 * (inHalf % (LANES / 2)) + inHalf / (LANES / 2);
                for (int k = 0; k < segment.length(); k++) {
                    packed[(row / ROWS * segment.length() + k) * ROWS + lane] =
                            ScalarDot.int8(matrix.weight(row, segment.from() + k));
                }
            }
            weights.add(packed);
        }
    }

    @Override
    public long[] multiply(byte[] activations) {
        matrix.requireActivations(activations);
        long[] sums = new long[blocks * ROWS];
        int[] partial = new int[ROWS];
        for (int s = 0; s < weights.size(); s++) {
            Segment segment = segments.get(s);
            for (int block = 0; block < blocks; block++) {
                for (int half = 0; half < ROWS; half += LANES) {
                    dot(activations, segment, weights.get(s), block * segment.length() * ROWS + half, partial, half);
                }
                for (int i = 0; i < ROWS; i++) {
                    int row = block * ROWS + i;
                    sums[row] += (long) matrix.scale(row, segment.group()) * partial[i];
                }
            }
        }
        return Arrays.copyOf(sums, matrix.rows());
    }

    private void dot(byte[] a, Segment segment, byte[] w, int from, int[] into, int at) {
        IntVector first = IntVector.zero(INTS);
        IntVector last = first;
        for (int start = 0; start < segment.length(); start += inShorts) {
            int end = Math.min(start + inShorts, segment.length());
            ShortVector sum = ShortVector.zero(SHORTS);
            for (int k = start; k < end; k++) {
                ShortVector weight = (ShortVector)
                        ByteVector.fromArray(BYTES, w, from + k * ROWS).convertShape(B2S, SHORTS, 0);
                sum = sum.add(weight.mul(a[segment.from() + k]));
            }
            IntVector both = sum.reinterpretAsInts();
            first = first.add(both.lanewise(LSHL, 16).lanewise(ASHR, 16));
            last = last.add(both.lanewise(ASHR, 16));
        }
        first.intoArray(into, at);
        last.intoArray(into, at + LANES / 2);
    }
}
