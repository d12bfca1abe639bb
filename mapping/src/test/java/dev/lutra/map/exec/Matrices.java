// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.machine.ActivationType;
import dev.lutra.map.quant.ArrayMatrix;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.LayerFormat;
import dev.lutra.map.quant.MixedFormat;
import dev.lutra.map.quant.MixedMatrix;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.WeightFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Random matrices and rows, extreme values among them, and their product by the schoolbook. */
public final class Matrices {
    /** All formats there are. */
    public static final List<LayerFormat> FORMATS = Stream.concat(
                    Arrays.stream(WeightFormat.values()), Arrays.stream(MixedFormat.values()))
            .map(LayerFormat.class::cast)
            .toList();

    private Matrices() {}

    /** Some steps, or 0 for none where a format has integers of a whole row. */
    public static int groupSize(Random r, LayerFormat format, int step) {
        int steps = 1 + r.nextInt(4);
        if (format instanceof MixedFormat) {
            return step * Math.max(steps, (MixedMatrix.LEAST_GROUP + step - 1) / step);
        }
        return r.nextBoolean() ? 0 : step * steps;
    }

    /** Random values rounded to a format, some groups' much larger than others'; or integers as below. */
    public static CodedMatrix random(Random r, LayerFormat format, int n, int k, int groupSize) {
        if (format instanceof WeightFormat plain) {
            return random(r, plain, n, k, groupSize);
        }
        boolean lopsided = r.nextBoolean();
        float[] values = new float[n * k];
        for (int i = 0; i < values.length; i++) {
            float value = (float) (r.nextGaussian() * Math.scalb(1, r.nextInt(3)));
            values[i] = lopsided ? Math.abs(value) : value;
        }
        return MixedMatrix.quantize(new ArrayMatrix(n, k, values), (MixedFormat) format, groupSize, true);
    }

    /** A matrix whose codes and scales are random, or all at an extreme. */
    public static QuantizedMatrix random(Random r, WeightFormat format, int n, int k, int groupSize) {
        int kind = r.nextInt(4);
        byte[] codes = new byte[n * k];
        for (int i = 0; i < codes.length; i++) {
            int code = kind == 0
                    ? format.maxCode()
                    : kind == 1 ? -format.maxCode() : r.nextInt(2 * format.maxCode() + 1) - format.maxCode();
            codes[i] = (byte) (format == WeightFormat.INT1 && code == 0 ? 1 : code);
        }
        byte[] scales = new byte[groupSize == 0 ? 0 : n * ((k + groupSize - 1) / groupSize)];
        r.nextBytes(scales);
        if (kind < 2) {
            Arrays.fill(scales, (byte) 255);
        }
        return new QuantizedMatrix(format, n, k, groupSize, codes, scales, new float[n]);
    }

    /** The same with at most N of each M neighbours left, a power of two each, the same ones of two rows, or of each row its own. */
    public static QuantizedMatrix sparse(Random r, QuantizedMatrix w) {
        int m = 2 << r.nextInt(4);
        int n = 1 << r.nextInt(Integer.numberOfTrailingZeros(m));
        int pairs = r.nextInt(4) == 0 ? 1 : 2;
        byte[] codes = new byte[w.rows() * w.cols()];
        for (int row = 0; row < w.rows(); row += pairs) {
            for (int from = 0; from < w.cols(); from += m) {
                for (int i = 0; i < n; i++) {
                    int col = from + r.nextInt(m);
                    for (int p = row; p < Math.min(row + pairs, w.rows()) && col < w.cols(); p++) {
                        codes[p * w.cols() + col] = (byte) w.code(p, col);
                    }
                }
            }
        }
        return new QuantizedMatrix(w.format(), w.rows(), w.cols(), 0, codes, new byte[0], new float[w.rows()]);
    }

    /** The same with a share of the weights left, the same of all rows or of each its own, from none to all. */
    static QuantizedMatrix thinned(Random r, QuantizedMatrix w) {
        int share = r.nextInt(101);
        boolean even = r.nextBoolean();
        byte[] codes = new byte[w.rows() * w.cols()];
        for (int row = 0; row < w.rows(); row++) {
            int own = even ? share : r.nextInt(3) * 50;
            for (int col = 0; col < w.cols(); col++) {
                codes[row * w.cols() + col] = r.nextInt(100) < own ? (byte) w.code(row, col) : 0;
            }
        }
        return new QuantizedMatrix(w.format(), w.rows(), w.cols(), 0, codes, new byte[0], new float[w.rows()]);
    }

    /** The same with so many tiles of so many rows and columns left in each block of rows, or fewer; in each tile the first rows are 0, up to all but one. */
    static QuantizedMatrix tiles(Random r, QuantizedMatrix w, int rows, int columns) {
        int kept = 1 + r.nextInt(3);
        byte[] codes = new byte[w.rows() * w.cols()];
        for (int block = 0; block < w.rows(); block += rows) {
            for (int i = 0; i < kept; i++) {
                int from = r.nextInt((w.cols() + columns - 1) / columns) * columns;
                int empty = Math.max(0, r.nextInt(2 * rows) - rows);
                for (int row = block + empty; row < Math.min(block + rows, w.rows()); row++) {
                    for (int col = from; col < Math.min(from + columns, w.cols()); col++) {
                        codes[row * w.cols() + col] = (byte) w.code(row, col);
                    }
                }
            }
        }
        return new QuantizedMatrix(w.format(), w.rows(), w.cols(), 0, codes, new byte[0], new float[w.rows()]);
    }

    /** Rows of activations: random, or all 127 or -127. */
    public static byte[][] rows(Random r, int rows, int k) {
        return rows(r, rows, k, ActivationType.INT8);
    }

    /** Rows of activations: random, or all the largest or the smallest; binary16 numbers of each row under an exponent of its own, subnormal ones among them. */
    public static byte[][] rows(Random r, int rows, int k, ActivationType type) {
        if (type == ActivationType.FP16) {
            return halves(r, rows, k);
        }
        int kind = r.nextInt(4);
        int largest = type.largest();
        byte[][] a = new byte[rows][k * type.bytes()];
        for (byte[] row : a) {
            for (int i = 0; i < k; i++) {
                int value = kind == 0 ? largest : kind == 1 ? -largest : r.nextInt(2 * largest + 1) - largest;
                ActivationType.put(value, row, i * type.bytes(), type.bytes());
            }
        }
        return a;
    }

    private static byte[][] halves(Random r, int rows, int k) {
        byte[][] a = new byte[rows][2 * k];
        for (byte[] row : a) {
            int most = r.nextInt(31);
            int kind = r.nextInt(4);
            for (int i = 0; i < k; i++) {
                int half = kind == 0 ? most << 10 | 0x3FF : r.nextInt(most + 1) << 10 | r.nextInt(1 << 10);
                ActivationType.put(half | r.nextInt(2) << 15, row, 2 * i, 2);
            }
        }
        return a;
    }

    /**
     * The integers that rows of activations count as: of binary16 numbers {@code rne(value / 2^(X-29))} with X the greatest exponent field of the row, 1 at
     * least.
     */
    public static byte[][] integers(byte[][] rows, ActivationType type) {
        if (type != ActivationType.FP16) {
            return rows;
        }
        byte[][] integers = new byte[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            byte[] row = rows[i];
            int most = 1;
            for (int k = 1; k < row.length; k += 2) {
                most = Math.max(most, row[k] >> 2 & 31);
            }
            integers[i] = new byte[row.length];
            for (int k = 0; k < row.length; k += 2) {
                double value = FloatFormat.BINARY16.decode(row[k] & 255 | (row[k + 1] & 255) << 8);
                ActivationType.put((int) Math.rint(Math.scalb(value, 29 - most)), integers[i], k, 2);
            }
        }
        return integers;
    }

    /** {@code sum of a * value * group scale}. */
    public static long[][] product(CodedMatrix w, byte[][] a) {
        long[][] y = new long[a.length][w.rows()];
        int bytes = a[0].length / w.cols();
        int groupSize = w.groupSize() == 0 ? w.cols() : w.groupSize();
        for (int row = 0; row < a.length; row++) {
            for (int n = 0; n < w.rows(); n++) {
                for (int k = 0; k < w.cols(); k++) {
                    y[row][n] += (long) ActivationType.at(a[row], k * bytes, bytes)
                            * w.value(n, k)
                            * w.groupScale(n, k / groupSize);
                }
            }
        }
        return y;
    }
}
