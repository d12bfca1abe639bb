// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Engine;
import dev.lutra.machine.WeightPacking;
import dev.lutra.pe.MatrixCore;
import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixShape;

/** Term-serial array for groups of mixed data types (BitMoD). */
public final class BitSerialEngine implements MatrixEngine {
    private static final int SLICE = 2;

    /** For the service loader. */
    public BitSerialEngine() {}

    @Override
    public String name() {
        return "bitserial";
    }

    @Override
    public String description() {
        return "one term of each weight a cycle: Booth digits of integers, leading ones of FP4 and FP3 with special values";
    }

    @Override
    public WeightPacking packing() {
        return WeightPacking.TYPED_CODES;
    }

    @Override
    public Engine inPlaceOf(Engine e) {
        int lanes = Math.max(2, e.step() * e.planes() / SLICE);
        int g = Math.max(2, Math.min(e.g(), lanes));
        return new Engine(
                name(),
                e.m(),
                e.n(),
                g,
                lanes / g,
                Math.max(2, e.maxBits()),
                e.groupScales(),
                e.innerBits(),
                e.outerBits(),
                packing(),
                SLICE,
                ActivationType.INT8);
    }

    @Override
    public MatrixCore core(MatrixShape shape) {
        return new SerialCore(shape);
    }

    @Override
    public int latency(MatrixShape shape, boolean scaled) {
        return SerialCore.cycles(shape, scaled);
    }
}
