// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.engine;

import dev.lutra.machine.Engine;
import dev.lutra.machine.WeightPacking;
import dev.lutra.pe.MatrixCore;
import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixShape;

/** Multiply-accumulate specialised to the width of the weights: 4 bits, if nothing else is said. Wider ones take more passes. */
public final class MacEngine implements MatrixEngine {
    private static final int PLANES = 4;

    /** For the service loader. */
    public MacEngine() {}

    @Override
    public String name() {
        return "mac";
    }

    @Override
    public String description() {
        return "multiply-accumulate as wide as the weights (--planes, 4), Booth digits, all planes in one slot";
    }

    @Override
    public WeightPacking packing() {
        return WeightPacking.DIGITS;
    }

    @Override
    public Engine inPlaceOf(Engine e) {
        return withPlanes(name(), e, PLANES);
    }

    /** An engine of so many planes a slot, with as many bits of weights a slot as another one. */
    static Engine withPlanes(String name, Engine e, int planes) {
        int lanes = Math.max(1, e.step() * e.planes() / planes);
        int g = Math.max(2, Math.min(e.g(), lanes));
        int t = Math.max(1, lanes / g);
        return new Engine(
                name,
                e.m(),
                e.n(),
                g,
                t,
                e.maxBits(),
                e.groupScales(),
                e.innerBits(),
                e.outerBits(),
                WeightPacking.DIGITS,
                planes,
                e.activations());
    }

    @Override
    public MatrixCore core(MatrixShape shape) {
        return new MacCore(shape);
    }

    @Override
    public int latency(MatrixShape shape, boolean scaled) {
        return MacCore.cycles(shape, scaled);
    }
}
