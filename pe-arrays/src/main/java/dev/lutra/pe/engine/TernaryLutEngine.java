// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.engine;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Engine;
import dev.lutra.machine.WeightPacking;
import dev.lutra.pe.MatrixCore;
import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixShape;

/** Native ternary tables: three weights a code of sign and index. */
public final class TernaryLutEngine implements MatrixEngine {
    private static final int TRIPLE = 3;
    private static final int TRIPLE_BITS = 5;

    /** For the service loader. */
    public TernaryLutEngine() {}

    @Override
    public String name() {
        return "lut-ternary";
    }

    @Override
    public String description() {
        return "tables of 13 sums of three activations, looked up by 5-bit codes of three ternary weights";
    }

    @Override
    public WeightPacking packing() {
        return WeightPacking.TRIPLES;
    }

    @Override
    public Engine inPlaceOf(Engine e) {
        int t = Math.max(1, e.step() * e.planes() / TRIPLE_BITS);
        return new Engine(
                name(),
                e.m(),
                e.n(),
                TRIPLE,
                t,
                2,
                e.groupScales(),
                e.innerBits(),
                e.outerBits(),
                packing(),
                2,
                ActivationType.INT8);
    }

    @Override
    public MatrixCore core(MatrixShape shape) {
        return new TernaryLutCore(shape);
    }

    @Override
    public int latency(MatrixShape shape, boolean scaled) {
        return TernaryLutCore.cycles(shape, scaled);
    }
}
