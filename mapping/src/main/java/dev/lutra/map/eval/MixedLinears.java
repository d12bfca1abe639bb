// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.eval;

import dev.lutra.map.forward.FloatLinears;
import dev.lutra.map.forward.Int8Row;
import dev.lutra.map.forward.Linears;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.WeightMatrix;
import dev.lutra.map.quant.MixedFormat;
import dev.lutra.map.quant.MixedMatrix;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.Quantizer;
import dev.lutra.map.quant.WeightFormat;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** INT8 activations and weights of the bit-serial engine: with real-valued scales and a float head, or as the engine computes. */
final class MixedLinears implements Linears {
    private record Part(MixedMatrix matrix, short[] values) {}

    private final boolean asOnDevice;
    private final Linears floatHead;
    private final QuantizedMatrix head;
    private final Map<Region, List<List<Part>>> parts = new EnumMap<>(Region.class);
    private double squaredError;
    private double squares;

    MixedLinears(LlamaModel model, MixedFormat format, int groupSize, boolean asOnDevice) {
        this.asOnDevice = asOnDevice;
        floatHead = new FloatLinears(model);
        head = Quantizer.quantize(model.head(), WeightFormat.INT8, 0);
        for (Region region : Region.OF_A_LAYER) {
            List<List<Part>> ofLayers = new ArrayList<>();
            for (int layer = 0; layer < model.config().layers(); layer++) {
                List<Part> ofLayer = new ArrayList<>();
                for (WeightMatrix matrix : model.matrices(region, layer)) {
                    MixedMatrix mixed = MixedMatrix.quantize(matrix, format, groupSize, asOnDevice);
                    measure(matrix, mixed);
                    ofLayer.add(new Part(mixed, mixed.values()));
                }
                ofLayers.add(ofLayer);
            }
            parts.put(region, ofLayers);
        }
    }

    private void measure(WeightMatrix matrix, MixedMatrix mixed) {
        float[] row = new float[matrix.cols()];
        for (int r = 0; r < matrix.rows(); r++) {
            matrix.readRow(r, row);
            for (int c = 0; c < row.length; c++) {
                double difference = mixed.weight(r, c) - row[c];
                squaredError += difference * difference;
                squares += (double) row[c] * row[c];
            }
        }
    }

    /** Root of the mean squared error of the layers' weights, over the root of their mean square. */
    double error() {
        return Math.sqrt(squaredError / squares);
    }

    @Override
    public float[][] apply(Region region, int layer, float[][] rows) {
        List<List<Part>> ofLayers = parts.get(region);
        if (ofLayers == null) {
            return asOnDevice ? head(rows) : floatHead.apply(region, layer, rows);
        }
        List<Part> ofLayer = ofLayers.get(layer);
        int outputs = ofLayer.stream().mapToInt(part -> part.matrix.rows()).sum();
        float[][] results = new float[rows.length][outputs];
        for (int i = 0; i < rows.length; i++) {
            Int8Row row = Int8Row.of(rows[i]);
            int at = 0;
            for (Part part : ofLayer) {
                for (int n = 0; n < part.matrix.rows(); n++) {
                    results[i][at++] = asOnDevice
                            ? (float) part.matrix.accumulate(part.values, n, row.values())
                                    * (row.scale() * part.matrix.rowScale(n))
                            : (float) (part.matrix.product(part.values, n, row.values()) * row.scale());
                }
            }
        }
        return results;
    }

    private float[][] head(float[][] rows) {
        float[][] results = new float[rows.length][head.rows()];
        for (int i = 0; i < rows.length; i++) {
            Int8Row row = Int8Row.of(rows[i]);
            long[] sums = ReferenceBackend.multiply(head, new byte[][] {row.values()})[0];
            for (int n = 0; n < sums.length; n++) {
                results[i][n] = (float) sums[n] * (row.scale() * head.rowScale(n));
            }
        }
        return results;
    }
}
