// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.machine.UserException;
import dev.lutra.map.model.Region;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.QuantizedModel;

/**
 * Linear layers as integers: activations to the type of the quantisation, INT8 as a rule, accumulators from a backend, and for every format
 * {@code y = float(acc) x (actScale x rowScale)}, three roundings to nearest even. Products of outliers are added
 * to that here ({@link dev.lutra.map.quant.OutlierRows}), from sums of the backend, or, if it has none, from sums that are made here.
 */
public final class QuantizedLinears implements Linears {
    private final QuantizedModel model;
    private final LinearBackend backend;
    private final Linears inFloat;

    /** A head that is not quantised runs in floating point here, whatever the backend. */
    public QuantizedLinears(QuantizedModel model, LinearBackend backend) {
        this.model = model;
        this.backend = backend;
        this.inFloat = new FloatLinears(model.model());
    }

    @Override
    public float[][] apply(Region region, int layer, float[][] rows) {
        if (!model.has(region)) {
            return inFloat.apply(region, layer, rows);
        }
        Int8Row[] given = new Int8Row[rows.length];
        byte[][] values = new byte[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            given[i] = quantize(region, layer, rows[i]);
            values[i] = given[i].values();
        }
        Sums sums = backend.sums(region, layer, values);
        long[][] accumulators = sums.codes();
        long[][] outliers = sums.outliers();
        CodedMatrix matrix = model.matrix(region, layer);
        float[][] results = new float[rows.length][matrix.rows()];
        for (int i = 0; i < rows.length; i++) {
            float scale = given[i].scale();
            for (int n = 0; n < matrix.rows(); n++) {
                results[i][n] = (float) accumulators[i][n] * (scale * matrix.rowScale(n));
            }
            if (outliers != null) {
                model.outliers().add(region, layer, outliers[i], scale, results[i]);
            } else if (model.outliers().exist()) {
                int[] integers = given[i].integers(model.quantization().activations());
                model.outliers().add(region, layer, integers, scale, results[i]);
            }
        }
        return results;
    }

    private Int8Row quantize(Region region, int layer, float[] row) {
        try {
            return Int8Row.of(row, model.quantization().activations());
        } catch (ArithmeticException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    model.model().name() + ": input of " + region + " of layer " + layer + ": " + e.getMessage(),
                    "the model's arithmetic overflowed: its weights are damaged or do not suit this quantisation",
                    e);
        }
    }
}
