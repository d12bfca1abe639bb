// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.engine;

import dev.lutra.machine.Engine;
import dev.lutra.machine.WeightPacking;
import dev.lutra.pe.MatrixCore;
import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixShape;

/** Bit planes on both sides (ABQ-LLM; FlexQ): any width of weights, activations of 2 to 8 bits. */
public final class BitPlaneEngine implements MatrixEngine {

    /** For the service loader. */
    public BitPlaneEngine() {}

    @Override
    public String name() {
        return "bitplane";
    }

    @Override
    public String description() {
        return "AND and popcount of bit planes of the weights and of the activations (--activations, 8)";
    }

    @Override
    public WeightPacking packing() {
        return WeightPacking.PLANES;
    }

    @Override
    public Engine inPlaceOf(Engine e) {
        return like(e, name(), packing());
    }

    /** An engine of the size of another one, one plane a slot. */
    static Engine like(Engine e, String name, WeightPacking packing) {
        return new Engine(
                name,
                e.m(),
                e.n(),
                e.g(),
                e.t(),
                e.maxBits(),
                e.groupScales(),
                e.innerBits(),
                e.outerBits(),
                packing,
                1,
                e.activations());
    }

    @Override
    public MatrixCore core(MatrixShape shape) {
        return new BitPlaneCore(shape);
    }

    @Override
    public int latency(MatrixShape shape, boolean scaled) {
        return BitPlaneCore.cycles(scaled);
    }
}
