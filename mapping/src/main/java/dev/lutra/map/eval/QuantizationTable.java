// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.eval;

import dev.lutra.machine.ActivationType;
import dev.lutra.map.forward.FloatLinears;
import dev.lutra.map.forward.Linears;
import dev.lutra.map.forward.QuantizedLinears;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.quant.KvFormat;
import dev.lutra.map.quant.MixedFormat;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import java.util.List;
import java.util.Map;

/** Perplexities of one model over formats and group sizes, with cached keys and values of any format. */
public final class QuantizationTable {
    /**
     * One row.
     *
     * @param format name of the format
     * @param groupSize elements per scale, 0 for one scale per row
     * @param text name of the text
     * @param realScales perplexity with real-valued scales and a floating-point head
     * @param asOnDevice perplexity with what the accelerator computes: integer group scales, INT8 head
     * @param error of the weights with real-valued scales, root mean square over root mean square; not a number where it is not measured
     */
    public record Row(String format, int groupSize, String text, double realScales, double asOnDevice, double error) {}

    private final LlamaModel model;
    private final Map<String, List<int[]>> texts;
    private final KvFormat kv;
    private final ActivationType activations;
    private final double outliers;

    /** With attention in floating point. The texts are token sequences by name, as {@link EvalTexts} reads them. */
    public QuantizationTable(LlamaModel model, Map<String, List<int[]>> texts) {
        this(model, texts, KvFormat.FLOAT, ActivationType.INT8, 0);
    }

    /** With cached keys and values of a format. */
    public QuantizationTable(LlamaModel model, Map<String, List<int[]>> texts, KvFormat kv) {
        this(model, texts, kv, ActivationType.INT8, 0);
    }

    /** With other activations than INT8; formats of the bit-serial engine have none. */
    public QuantizationTable(LlamaModel model, Map<String, List<int[]>> texts, ActivationType activations) {
        this(model, texts, KvFormat.FLOAT, activations, 0);
    }

    /** With so many percent of the weights of each matrix kept apart; formats of the bit-serial engine have none. */
    public QuantizationTable(LlamaModel model, Map<String, List<int[]>> texts, double outliers) {
        this(model, texts, KvFormat.FLOAT, ActivationType.INT8, outliers);
    }

    private QuantizationTable(
            LlamaModel model,
            Map<String, List<int[]>> texts,
            KvFormat kv,
            ActivationType activations,
            double outliers) {
        this.model = model;
        this.texts = texts;
        this.kv = kv;
        this.activations = activations;
        this.outliers = outliers;
    }

    private double perplexity(Linears linears, String text) {
        return Perplexity.of(model, Transformer.of(model, linears, kv), sequences(text));
    }

    /** Perplexity of a text without any quantisation. */
    public double inFloat(String text) {
        return perplexity(new FloatLinears(model), text);
    }

    /** One row: two runs over the text. */
    public Row row(WeightFormat format, int groupSize, String text) {
        QuantizedModel quantized = new QuantizedModel(
                model,
                new Quantization(format, groupSize, Quantization.Head.INT8)
                        .withActivations(activations)
                        .withOutliers(outliers));
        return new Row(
                format.optionName(),
                groupSize,
                text,
                perplexity(new FloatScaleLinears(model, format, groupSize, activations, outliers), text),
                perplexity(new QuantizedLinears(quantized, new ReferenceBackend(quantized)), text),
                Double.NaN);
    }

    /** One row of a format of the bit-serial engine: two runs over the text. */
    public Row row(MixedFormat format, int groupSize, String text) {
        MixedLinears real = new MixedLinears(model, format, groupSize, false);
        MixedLinears device = new MixedLinears(model, format, groupSize, true);
        return new Row(
                format.optionName(), groupSize, text, perplexity(real, text), perplexity(device, text), real.error());
    }

    private List<int[]> sequences(String text) {
        List<int[]> sequences = texts.get(text);
        if (sequences == null) {
            throw new IllegalArgumentException("no text " + text + " among " + texts.keySet());
        }
        return sequences;
    }
}
