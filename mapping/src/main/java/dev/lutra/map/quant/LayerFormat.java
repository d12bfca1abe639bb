// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import java.util.Optional;

/** How the weights of a layer are stored: integers with scales, or typed groups. */
public sealed interface LayerFormat permits WeightFormat, MixedFormat {

    /** Stored bits per weight: planes of the engine's passes. */
    int planes();

    /** z' of the bipolar form of integers, or a kind of {@link dev.lutra.machine.TypedCodes}. */
    int zeroPoint();

    /** The name the command line uses. */
    String optionName();

    /** The format of that {@link #optionName()}, in any case; empty if there is none. */
    static Optional<LayerFormat> named(String optionName) {
        Optional<LayerFormat> plain = WeightFormat.named(optionName).map(LayerFormat.class::cast);
        return plain.isPresent() ? plain : MixedFormat.named(optionName).map(LayerFormat.class::cast);
    }
}
