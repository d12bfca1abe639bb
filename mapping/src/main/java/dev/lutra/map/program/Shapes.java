// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.machine.Engine;
import dev.lutra.map.plan.RegionShape;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.KvProduct;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import java.util.Arrays;
import java.util.List;

/** The common shape of a region's matrices, with the exact bound of their results. */
final class Shapes {
    /** Of INT8, and for the bound of narrower ones too. */
    private static final int MAX_ACTIVATION = 127;

    private static final int MAX_SCALE = 255;

    private Shapes() {}

    static RegionShape of(MatrixSource source, Engine engine) {
        CodedMatrix first = source.matrix(0);
        boolean folds = engine.foldsOffsets(first.format().zeroPoint());
        long largest = 0;
        for (int layer = 0; layer < source.layers(); layer++) {
            CodedMatrix m = source.matrix(layer);
            if (m.rows() != first.rows()
                    || m.cols() != first.cols()
                    || m.format() != first.format()
                    || m.groupSize() != first.groupSize()) {
                throw new IllegalArgumentException(
                        "region %s: layer 0 is %s, layer %d is %s".formatted(source.name(), first, layer, m));
            }
            largest = Math.max(largest, largest(engine) * largest(m) + rounding(m, engine));
        }
        return new RegionShape(
                source.name(),
                source.layers(),
                first.cols(),
                first.rows(),
                first.format().planes() + (folds ? 1 : 0),
                folds ? 1 : first.format().zeroPoint(),
                first.groupSize(),
                largest);
    }

    private static long largest(Engine engine) {
        return Math.max(MAX_ACTIVATION, engine.activations().largest());
    }

    /** The products with cached keys and values, if the model has these as codes. */
    static List<RegionShape> ofCache(QuantizedModel model, Engine engine) {
        WeightFormat format = model.quantization().kv().codes();
        return format == null
                ? List.of()
                : ofCache(format, model.model().config().headDim(), engine);
    }

    /** The same for heads of so many elements: whatever the codes, no result is beyond the bound. */
    static List<RegionShape> ofCache(WeightFormat format, int headDim, Engine engine) {
        long element = largest(engine) * format.maxCode() + engine.roundingOfElement(format.planes());
        return Arrays.stream(KvProduct.values())
                .map(product -> new RegionShape(
                        product.name(),
                        1,
                        product.inputs(headDim),
                        product.outputs(headDim),
                        format.planes(),
                        format.zeroPoint(),
                        0,
                        product.inputs(headDim) * element))
                .toList();
    }

    /** What the rounding of tables adds to a result at most. */
    private static long rounding(CodedMatrix m, Engine engine) {
        int folded = engine.foldsOffsets(m.format().zeroPoint()) ? 1 : 0;
        long element = engine.roundingOfElement(m.format().planes() + folded);
        return element * m.cols() * (m.groupSize() == 0 ? 1 : MAX_SCALE);
    }

    /** The largest sum over a row of group scale times |value|: the largest magnitude of a result for activations of 1. */
    private static long largest(CodedMatrix m) {
        int groupSize = m.groupSize() == 0 ? m.cols() : m.groupSize();
        short[] row = new short[m.cols()];
        long largest = 0;
        for (int r = 0; r < m.rows(); r++) {
            m.readValues(r, row);
            long sum = 0;
            for (int group = 0; group < m.groups(); group++) {
                long codes = 0;
                for (int k = group * groupSize; k < Math.min(row.length, (group + 1) * groupSize); k++) {
                    codes += Math.abs(row[k]);
                }
                sum += m.groupScale(r, group) * codes;
            }
            largest = Math.max(largest, sum);
        }
        return largest;
    }
}
