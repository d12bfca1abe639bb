// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import dev.lutra.machine.UserException;
import dev.lutra.map.model.FloatMatrix;
import dev.lutra.map.model.TernaryMatrix;
import dev.lutra.map.model.WeightMatrix;

/**
 * The weights of greatest magnitude of a matrix, kept apart from its codes as compressed sparse rows, so that they do not stretch the scales of all
 * others (dense-and-sparse decomposition, SqueezeLLM, Kim et al., arXiv 2306.07629, section 4.2). Each is an INT16 code with a scale of its row:
 * {@code w ~ code x scale}, {@code scale = max|w| / 32767} over the row's outliers.
 *
 * <p>The side engine that computes them adds to a result y of the codes {@code y + float(acc) x (actScale x scale)}: acc is the exact sum of activations
 * times codes, and in binary32 there are four roundings to nearest even (conversion, product of scales, product, sum).
 */
public final class OutlierRows implements SparseRows {
    /** Bytes of a column number and a code. */
    private static final int ENTRY = 4;
    /** Bytes of a row's start and scale. */
    private static final int ROW = 8;

    private static final int HALF = 1 << Short.SIZE;

    private final WeightMatrix matrix;
    private final int[] starts;
    private final char[] columns;
    private final short[] codes;
    private final float[] scales;

    /**
     * Takes them out of a matrix: the part of the weights with the greatest magnitudes, of equal ones the first by rows.
     *
     * @param percent of the weights, above 0 and at most 50; rounded to a number of weights
     * @throws UserException if the matrix is ternary, whose weights are all as great
     */
    static OutlierRows of(WeightMatrix matrix, double percent) {
        if (matrix instanceof TernaryMatrix) {
            throw UserException.badInput(
                    matrix.name() + " is ternary: no weight is an outlier", "leave --outliers away for this model");
        }
        return new OutlierRows(matrix, (int) Math.round(percent / 100 * matrix.rows() * matrix.cols()));
    }

    private OutlierRows(WeightMatrix matrix, int count) {
        if (matrix.cols() > HALF) {
            throw new IllegalArgumentException(matrix.cols() + " columns have no numbers of 16 bits");
        }
        this.matrix = matrix;
        starts = new int[matrix.rows() + 1];
        columns = new char[count];
        codes = new short[count];
        scales = new float[matrix.rows()];
        long cut = count == 0 ? 0 : cut(count);
        int threshold = (int) (cut >>> Integer.SIZE);
        int ties = (int) cut;
        float[] row = new float[matrix.cols()];
        int at = 0;
        for (int r = 0; r < scales.length; r++) {
            matrix.readRow(r, row);
            float largest = 0;
            for (int c = 0; c < row.length && at < count; c++) {
                int magnitude = Float.floatToIntBits(Math.abs(row[c]));
                if (magnitude > threshold || magnitude == threshold && ties-- > 0) {
                    columns[at++] = (char) c;
                    largest = Math.max(largest, Math.abs(row[c]));
                }
            }
            starts[r + 1] = at;
            float scale = largest / Short.MAX_VALUE;
            scales[r] = scale < Float.MIN_NORMAL ? 0 : scale;
            for (int i = starts[r]; i < at; i++) {
                codes[i] = scales[r] == 0 ? 0 : (short) Math.rint(row[columns[i]] / scales[r]);
            }
        }
    }

    /** The bits of the least magnitude that is taken, above, and how many weights of just that one. Magnitudes order as their bits do. */
    private long cut(int count) {
        int[] high = histogram(-1);
        int left = count;
        int top = HALF - 1;
        while (high[top] < left) {
            left -= high[top--];
        }
        int[] low = histogram(top);
        int bottom = HALF - 1;
        while (low[bottom] < left) {
            left -= low[bottom--];
        }
        return (long) (top << Short.SIZE | bottom) << Integer.SIZE | left;
    }

    /** Weights by the upper half of their magnitude's bits, or by the lower half of those with that upper one. */
    private int[] histogram(int upper) {
        int[] counts = new int[HALF];
        float[] row = new float[matrix.cols()];
        for (int r = 0; r < matrix.rows(); r++) {
            matrix.readRow(r, row);
            for (float weight : row) {
                int bits = Float.floatToIntBits(Math.abs(weight));
                if (upper < 0) {
                    counts[bits >>> Short.SIZE]++;
                } else if (bits >>> Short.SIZE == upper) {
                    counts[bits & HALF - 1]++;
                }
            }
        }
        return counts;
    }

    /** The matrix with 0 in their places. */
    public WeightMatrix rest() {
        return new Rest(this);
    }

    private record Rest(OutlierRows outliers) implements FloatMatrix {
        @Override
        public String name() {
            return outliers.matrix.name() + " without outliers";
        }

        @Override
        public int rows() {
            return outliers.matrix.rows();
        }

        @Override
        public int cols() {
            return outliers.matrix.cols();
        }

        @Override
        public void readRow(int row, float[] into) {
            outliers.matrix.readRow(row, into);
            for (int i = outliers.starts[row]; i < outliers.starts[row + 1]; i++) {
                into[outliers.columns[i]] = 0;
            }
        }
    }

    /** Rows of the matrix. */
    @Override
    public int rows() {
        return scales.length;
    }

    @Override
    public int start(int row) {
        return starts[row];
    }

    @Override
    public int end(int row) {
        return starts[row + 1];
    }

    @Override
    public int column(int index) {
        return columns[index];
    }

    @Override
    public short code(int index) {
        return codes[index];
    }

    /** How many there are. */
    public int count() {
        return codes.length;
    }

    /** Bytes in memory: 2 for a column and 2 for a code, and of each row 4 for its start and 4 for its scale. */
    public long bytes() {
        return (long) ENTRY * count() + (long) ROW * scales.length;
    }

    /** The exact sum of activations times codes of a row: at most 65536 products of 47 bits. */
    long sum(int row, int[] activations) {
        long sum = 0;
        for (int i = starts[row]; i < starts[row + 1]; i++) {
            sum += (long) codes[i] * activations[columns[i]];
        }
        return sum;
    }

    /**
     * Adds their products to results.
     *
     * @param sums of codes times activations, from {@code first} on those of this matrix
     * @param scale of the activations
     * @param results of the rest, from {@code first} on those of this matrix
     */
    void add(long[] sums, float scale, float[] results, int first) {
        for (int r = 0; r < scales.length; r++) {
            if (starts[r] < starts[r + 1]) {
                results[first + r] += (float) sums[first + r] * (scale * scales[r]);
            }
        }
    }
}
