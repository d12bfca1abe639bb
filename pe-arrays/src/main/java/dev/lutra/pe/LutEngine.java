// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.machine.Engine;

/** The LUT tensor core as an engine. */
public final class LutEngine implements MatrixEngine {

    /** For the service loader. */
    public LutEngine() {}

    @Override
    public String name() {
        return Engine.LUT_INT;
    }

    @Override
    public String description() {
        return "LUT tensor core: tables of partial sums, looked up by the weights' planes, one a slot or several (--planes, 1), in registers or in RAM (--stay)";
    }

    @Override
    public MatrixCore core(MatrixShape s) {
        if (s.tables().stay()) {
            return new StayingLutCore(s);
        } else if (s.tables().quantised()) {
            return new QuantisedLutCore(s);
        } else if (s.planes() > 1) {
            return new ParallelLutCore(s);
        }
        var params = new LutCore.Params(
                s.m(), s.n(), s.g(), s.t(), s.scaled(), s.innerBits(), s.outerBits(), s.laneBits(), s.unit());
        return new LutCore(params);
    }

    @Override
    public boolean takesInt16(MatrixShape shape) {
        return !shape.tables().stay() && !shape.tables().quantised();
    }

    @Override
    public int latency(MatrixShape shape, boolean scaled) {
        if (shape.tables().stay()) {
            return StayingLutCore.LATENCY;
        } else if (shape.tables().quantised()) {
            return QuantisedLutCore.cycles(scaled);
        }
        return shape.planes() > 1 ? ParallelLutCore.cycles(scaled) : LutCore.latency(shape.t(), scaled);
    }
}
