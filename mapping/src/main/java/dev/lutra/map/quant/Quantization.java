// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import dev.lutra.machine.ActivationType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How a model's linear layers are to be run.
 *
 * @param format of every matrix but the head
 * @param groupSize elements per scale group along the input dimension, or 0 for one scale per row
 * @param head what becomes of the vocabulary head
 * @param activations what a row of activations is rounded to
 * @param kv what cached keys and values are
 * @param outliers percent of the weights of each matrix but the head that are kept apart, 0 to 50 ({@link OutlierRows})
 */
public record Quantization(
        LayerFormat format, int groupSize, Head head, ActivationType activations, KvFormat kv, double outliers) {
    private static final double MOST_OUTLIERS = 50;

    /** With INT8 activations and attention in floating point. */
    public Quantization(LayerFormat format, int groupSize, Head head) {
        this(format, groupSize, head, ActivationType.INT8, KvFormat.FLOAT, 0);
    }

    /** The same with other activations. */
    public Quantization withActivations(ActivationType other) {
        return new Quantization(format, groupSize, head, other, kv, outliers);
    }

    /** The same with another format of cached keys and values. */
    public Quantization withKv(KvFormat other) {
        return new Quantization(format, groupSize, head, activations, other, outliers);
    }

    /** The same with so many percent of the weights kept apart. */
    public Quantization withOutliers(double percent) {
        return new Quantization(format, groupSize, head, activations, kv, percent);
    }

    /** The vocabulary head has a choice of its own: text suffers most from rounding it. */
    public enum Head {
        /** INT8, one scale per row, on the device. */
        INT8,
        /** Floating point, on the host. */
        FLOAT;

        /** The head of that {@link #optionName()}; empty if there is none. */
        public static Optional<Head> named(String optionName) {
            return Arrays.stream(values())
                    .filter(h -> h.optionName().equals(optionName))
                    .findFirst();
        }

        /** The name the command line uses: {@code int8}, {@code float}. */
        public String optionName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Quantization {
        if (groupSize < 0) {
            throw new IllegalArgumentException("group size " + groupSize);
        }
        if (!isShare(outliers)) {
            throw new IllegalArgumentException(outliers + " % of outliers");
        }
    }

    /** Whether so many percent of the weights can be kept apart. */
    public static boolean isShare(double percent) {
        return percent >= 0 && percent <= MOST_OUTLIERS;
    }

    @Override
    public String toString() {
        return format.optionName() + (groupSize == 0 ? " per row" : " in groups of " + groupSize) + ", head "
                + head.optionName()
                + (activations == ActivationType.INT8 ? "" : ", activations " + activations)
                + (kv == KvFormat.FLOAT ? "" : ", keys and values " + kv.optionName())
                + (outliers == 0 ? "" : ", " + outliers + "% outliers apart");
    }
}
