// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.engine;

import dev.lutra.machine.WeightPacking;
import dev.lutra.pe.MatrixCore;
import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixShape;

/** Bit-serial adders without tables. */
public final class AdderEngine implements MatrixEngine {

    /** For the service loader. */
    public AdderEngine() {}

    @Override
    public String name() {
        return "adders";
    }

    @Override
    public String description() {
        return "bit-serial adder trees without tables: activations added or subtracted by the weights' planes";
    }

    @Override
    public WeightPacking packing() {
        return WeightPacking.RELATIVE_SIGNS;
    }

    @Override
    public MatrixCore core(MatrixShape shape) {
        return new AdderCore(shape);
    }

    @Override
    public int latency(MatrixShape shape, boolean scaled) {
        return AdderCore.cycles(shape, scaled);
    }
}
