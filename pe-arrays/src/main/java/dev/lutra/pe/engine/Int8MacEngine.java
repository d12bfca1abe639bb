// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.engine;

import dev.lutra.machine.Engine;
import dev.lutra.machine.WeightPacking;
import dev.lutra.pe.MatrixCore;
import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixShape;

/** Multiply-accumulate INT8 x INT8: weights of any width are INT8 in memory, as if they had been dequantised before. */
public final class Int8MacEngine implements MatrixEngine {
    private static final int PLANES = 8;

    /** For the service loader. */
    public Int8MacEngine() {}

    @Override
    public String name() {
        return "mac-int8";
    }

    @Override
    public String description() {
        return "multiply-accumulate INT8 x INT8 on weights made INT8 before, whatever their width was";
    }

    @Override
    public WeightPacking packing() {
        return WeightPacking.DIGITS;
    }

    @Override
    public Engine inPlaceOf(Engine e) {
        return MacEngine.withPlanes(name(), e, PLANES);
    }

    @Override
    public MatrixCore core(MatrixShape shape) {
        if (shape.planes() != PLANES) {
            throw new IllegalArgumentException(
                    "it takes 8 planes a slot, not %d: engine mac takes fewer".formatted(shape.planes()));
        }
        return new MacCore(shape);
    }

    @Override
    public int latency(MatrixShape shape, boolean scaled) {
        return MacCore.cycles(shape, scaled);
    }
}
