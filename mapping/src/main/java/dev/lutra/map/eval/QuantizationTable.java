// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.eval;

import dev.lutra.map.forward.FloatLinears;
import dev.lutra.map.forward.QuantizedLinears;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.quant.MixedFormat;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import java.util.List;
import java.util.Map;

/** Perplexities of one model over formats and group sizes. */
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

    /** The texts are token sequences by name, as {@link EvalTexts} reads them. */
    public QuantizationTable(LlamaModel model, Map<String, List<int[]>> texts) {
        this.model = model;
        this.texts = texts;
    }

    /** Perplexity of a text without any quantisation. */
    public double inFloat(String text) {
        return Perplexity.of(model, new FloatLinears(model), sequences(text));
    }

    /** One row: two runs over the text. */
    public Row row(WeightFormat format, int groupSize, String text) {
        QuantizedModel quantized =
                new QuantizedModel(model, new Quantization(format, groupSize, Quantization.Head.INT8));
        return new Row(
                format.optionName(),
                groupSize,
                text,
                Perplexity.of(model, new FloatScaleLinears(model, format, groupSize), sequences(text)),
                Perplexity.of(model, new QuantizedLinears(quantized, new ReferenceBackend(quantized)), sequences(text)),
                Double.NaN);
    }

    /** One row of a format of the bit-serial engine: two runs over the text. */
    public Row row(MixedFormat format, int groupSize, String text) {
        MixedLinears real = new MixedLinears(model, format, groupSize, false);
        MixedLinears device = new MixedLinears(model, format, groupSize, true);
        return new Row(
                format.optionName(),
                groupSize,
                text,
                Perplexity.of(model, real, sequences(text)),
                Perplexity.of(model, device, sequences(text)),
                real.error());
    }

    private List<int[]> sequences(String text) {
        List<int[]> sequences = texts.get(text);
        if (sequences == null) {
            throw new IllegalArgumentException("no text " + text + " among " + texts.keySet());
        }
        return sequences;
    }
}
