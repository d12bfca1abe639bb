// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Module;

/** Parts of the tile that BitMoD is measured by (HPCA 2025, table VI), and of the one it is compared with: hardware for whoever wants to know its area. */
public enum SerialPart {
    /** Element for FP16 activations: four lanes of a term. */
    ELEMENT,
    /** Element for INT8 activations. */
    INTEGER_ELEMENT,
    /** Generator of a weight's terms: four per column. */
    GENERATOR,
    /** Flags and scales for a column's elements. */
    CONTROL,
    /** A column's accumulator for eight rows. */
    ACCUMULATOR,
    /** FP16 multiply-accumulate: the other tile's element. */
    MULTIPLY_ACCUMULATE;

    /** Rows of a tile. */
    public static final int ROWS = 8;

    /** Makes it, as a circuit's top. */
    public Module make() {
        return switch (this) {
            case ELEMENT -> new HalfPe();
            case INTEGER_ELEMENT -> new SerialPe(new SerialPe.Params(24, 48));
            case GENERATOR -> new TermGenerator();
            case CONTROL -> new HalfControl();
            case ACCUMULATOR -> new HalfAccumulator(new HalfAccumulator.Params(ROWS));
            case MULTIPLY_ACCUMULATE -> new HalfMacPe();
        };
    }
}
