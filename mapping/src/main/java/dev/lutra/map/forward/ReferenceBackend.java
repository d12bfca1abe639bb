// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Engine;
import dev.lutra.map.model.Region;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.KvPage;
import dev.lutra.map.quant.KvProduct;
import dev.lutra.map.quant.QuantizedModel;
import org.jspecify.annotations.Nullable;

/** The specification of every device, in plain Java: sums of products of activations and values, never of packed bits. */
public final class ReferenceBackend implements LinearBackend, KvBackend {
    /** So many products of an INT8 activation and a value of at most 9 bits fit an int. */
    private static final int BLOCK = 1 << 15;

    private final QuantizedModel model;
    private final @Nullable Engine engine;

    public ReferenceBackend(QuantizedModel model) {
        this.model = model;
        this.engine = null;
    }

    /** The specification of devices with an engine. */
    public ReferenceBackend(QuantizedModel model, Engine engine) {
        this.model = model;
        this.engine = engine;
    }

    @Override
    public long[][] run(Region region, int layer, byte[][] rows) {
        CodedMatrix matrix = model.matrix(region, layer);
        return accumulators(matrix, rows);
    }

    @Override
    public Sums sums(Region region, int layer, byte[][] rows) {
        long[][] codes = run(region, layer, rows);
        if (model.outliers().of(region, layer).isEmpty()) {
            return new Sums(codes, null);
        }
        ActivationType type = model.quantization().activations();
        long[][] outliers = new long[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            outliers[i] = model.outliers().sums(region, layer, new Int8Row(rows[i], 1).integers(type));
        }
        return new Sums(codes, outliers);
    }

    /** On the engine, or without one as the model has its activations. */
    private long[][] accumulators(CodedMatrix matrix, byte[][] rows) {
        return engine == null
                ? multiply(model.quantization().activations(), matrix, rows)
                : multiply(engine, matrix, rows);
    }

    /** Accumulators [row][output] of one matrix on an engine: the products, unless its tables are quantised. */
    public static long[][] multiply(Engine engine, CodedMatrix matrix, byte[][] rows) {
        return engine.tables().quantised()
                ? QuantisedTables.multiply(engine, matrix, rows)
                : multiply(engine.activations(), matrix, rows);
    }

    /** Accumulators [row][output] of one matrix; of FP16 in units of {@code 2^(X-29)}, X being the greatest exponent of a row. */
    static long[][] multiply(ActivationType activations, CodedMatrix matrix, byte[][] rows) {
        return multiply(matrix, activations == ActivationType.FP16 ? HalfRow.integers(rows) : rows);
    }

    @Override
    public long[][] run(KvProduct product, Place place, KvPage page, byte[][] rows) {
        return accumulators(page.matrix(product), rows);
    }

    /** Accumulators [row][output] of a product with a page. */
    static long[][] multiply(KvProduct product, KvPage page, byte[][] rows) {
        return multiply(page.matrix(product), rows);
    }

    /** Accumulators [row][output] of one matrix and rows of integers. */
    public static long[][] multiply(CodedMatrix matrix, byte[][] rows) {
        long[][] accumulators = new long[rows.length][matrix.rows()];
        short[] values = new short[matrix.cols()];
        for (int n = 0; n < matrix.rows(); n++) {
            matrix.readValues(n, values);
            for (int i = 0; i < rows.length; i++) {
                accumulators[i][n] = accumulate(matrix, n, values, rows[i]);
            }
        }
        return accumulators;
    }

    private static long accumulate(CodedMatrix matrix, int row, short[] values, byte[] activations) {
        int bytes = activations.length / values.length;
        if (activations.length != bytes * values.length || bytes < 1 || bytes > Short.BYTES) {
            throw new IllegalArgumentException(
                    activations.length + " bytes of activations for " + values.length + " inputs");
        }
        int groupSize = matrix.groupSize() == 0 ? values.length : matrix.groupSize();
        long sum = 0;
        for (int group = 0; group < matrix.groups(); group++) {
            int from = group * groupSize;
            int to = Math.min(from + groupSize, values.length);
            sum += matrix.groupScale(row, group)
                    * (bytes == 1 ? dot(values, activations, from, to) : wideDot(values, activations, from, to));
        }
        return sum;
    }

    private static long wideDot(short[] values, byte[] activations, int from, int to) {
        long sum = 0;
        for (int k = from; k < to; k++) {
            sum += (long) values[k] * ActivationType.at(activations, Short.BYTES * k, Short.BYTES);
        }
        return sum;
    }

    private static long dot(short[] values, byte[] activations, int from, int to) {
        long sum = 0;
        for (int start = from; start < to; start += BLOCK) {
            int end = Math.min(start + BLOCK, to);
            int part = 0;
            for (int k = start; k < end; k++) {
                part += values[k] * activations[k];
            }
            sum += part;
        }
        return sum;
    }
}
