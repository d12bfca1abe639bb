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
 */
public record Quantization(LayerFormat format, int groupSize, Head head, ActivationType activations) {

    /** With INT8 activations. */
    public Quantization(LayerFormat format, int groupSize, Head head) {
        this(format, groupSize, head, ActivationType.INT8);
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
    }

    @Override
    public String toString() {
        return format.optionName() + (groupSize == 0 ? " per row" : " in groups of " + groupSize) + ", head "
                + head.optionName()
                + (activations == ActivationType.INT8 ? "" : ", activations " + activations);
    }
}
