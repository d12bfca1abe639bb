// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.model;

import java.util.List;

/** A group of linear layers that share one input and run as one matrix, their rows stacked in the order named here. */
public enum Region {
    /** Query, key and value projections. */
    QKV,
    /** Output projection of attention. */
    O,
    /** Gate and up projections of the MLP. */
    GATE_UP,
    /** Down projection of the MLP. */
    DOWN,
    /** The vocabulary head; belongs to no layer (its layer index is 0). */
    HEAD;

    /** The regions that every layer has, in the order in which a step runs them. */
    public static final List<Region> OF_A_LAYER = List.of(QKV, O, GATE_UP, DOWN);

    /** Inputs K of this region. */
    public int inputs(LlamaConfig config) {
        return switch (this) {
            case QKV, GATE_UP, HEAD -> config.hidden();
            case O -> config.queryWidth();
            case DOWN -> config.intermediate();
        };
    }

    /** Outputs N of this region. */
    public int outputs(LlamaConfig config) {
        return switch (this) {
            case QKV -> config.queryWidth() + 2 * config.kvWidth();
            case O, DOWN -> config.hidden();
            case GATE_UP -> 2 * config.intermediate();
            case HEAD -> config.vocab();
        };
    }
}
