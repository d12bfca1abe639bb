// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.engine;

import dev.lutra.machine.Engine;
import dev.lutra.machine.WeightPacking;
import dev.lutra.pe.MatrixCore;
import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixShape;

/** Bipolar planes on both sides (bipolar-INT): any width of weights, activations of 2 to 8 bits. */
public final class BipolarEngine implements MatrixEngine {

    /** For the service loader. */
    public BipolarEngine() {}

    @Override
    public String name() {
        return "bipolar";
    }

    @Override
    public String description() {
        return "XNOR and popcount of bipolar planes of the weights and of the activations (--activations, 8)";
    }

    @Override
    public WeightPacking packing() {
        return WeightPacking.SIGNS;
    }

    @Override
    public Engine inPlaceOf(Engine e) {
        return BitPlaneEngine.like(e, name(), packing());
    }

    @Override
    public MatrixCore core(MatrixShape shape) {
        return new BipolarCore(shape);
    }

    @Override
    public int latency(MatrixShape shape, boolean scaled) {
        return BipolarCore.cycles(scaled);
    }
}
