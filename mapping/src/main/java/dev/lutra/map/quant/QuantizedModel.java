// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.UserException;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.WeightMatrix;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A model whose linear layers are codes and scales: the single source for packing, for devices and for the reference. */
public final class QuantizedModel {
    private final LlamaModel model;
    private final Quantization quantization;
    private final Map<Region, List<CodedMatrix>> matrices;
    private final Outliers outliers;

    /** Quantises every matrix of the model; takes one byte of memory per weight. */
    public QuantizedModel(LlamaModel model, Quantization quantization) {
        this.model = model;
        this.quantization = quantization;
        this.outliers = new Outliers(model, quantization.outliers());
        this.matrices = new EnumMap<>(Region.class);
        for (Region region : Region.OF_A_LAYER) {
            List<CodedMatrix> ofLayers = new ArrayList<>();
            for (int layer = 0; layer < model.config().layers(); layer++) {
                ofLayers.add(
                        stack(outliers.rest(model, region, layer), quantization.format(), quantization.groupSize()));
            }
            matrices.put(region, List.copyOf(ofLayers));
        }
        if (quantization.head() == Quantization.Head.INT8) {
            matrices.put(Region.HEAD, List.of(Quantizer.quantize(model.head(), WeightFormat.INT8, 0)));
        }
    }

    private QuantizedModel(QuantizedModel other, ActivationType activations) {
        this.model = other.model;
        this.quantization = other.quantization.withActivations(activations);
        this.matrices = other.matrices;
        this.outliers = other.outliers;
    }

    /** The same weights with other activations. */
    public QuantizedModel withActivations(ActivationType activations) {
        return activations == quantization.activations() ? this : new QuantizedModel(this, activations);
    }

    /**
     * Says so if a machine cannot take the activations of this model.
     *
     * @throws UserException naming both
     */
    public void requireActivations(ActivationType machines) {
        ActivationType own = quantization.activations();
        boolean halves = own == ActivationType.FP16 || machines == ActivationType.FP16;
        if (halves ? own != machines : own.bits() > machines.bits()) {
            throw UserException.badInput(
                    "the model's activations are %s, the machine takes %s".formatted(own, machines),
                    "quantise the activations to what the machine takes");
        }
    }

    private static CodedMatrix stack(List<WeightMatrix> parts, LayerFormat format, int groupSize) {
        List<CodedMatrix> quantized = new ArrayList<>();
        for (WeightMatrix part : parts) {
            quantized.add(quantize(part, format, groupSize));
        }
        return CodedMatrix.stack(quantized);
    }

    private static CodedMatrix quantize(WeightMatrix matrix, LayerFormat format, int groupSize) {
        if (format instanceof MixedFormat mixed) {
            return MixedMatrix.quantize(matrix, mixed, groupSize, true);
        }
        return Quantizer.quantize(matrix, (WeightFormat) format, groupSize);
    }

    public LlamaModel model() {
        return model;
    }

    public Quantization quantization() {
        return quantization;
    }

    /** Weights that are kept apart from the matrices. */
    public Outliers outliers() {
        return outliers;
    }

    /** Whether a region runs as integers; all do but a floating-point head. */
    public boolean has(Region region) {
        return matrices.containsKey(region);
    }

    /**
     * The stacked matrix of a region: outputs in the order of {@link LlamaModel#matrices}.
     *
     * @param layer decoder layer; 0 for the head
     * @throws IllegalArgumentException for the head if it stays in floating point
     */
    public CodedMatrix matrix(Region region, int layer) {
        List<CodedMatrix> ofLayers = matrices.get(region);
        if (ofLayers == null) {
            throw new IllegalArgumentException(region + " is not quantised (" + quantization + ")");
        }
        return ofLayers.get(layer);
    }
}
