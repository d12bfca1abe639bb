// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Module;

/**
 * 1 / (1 + e^-x) of a binary32 number as {@link FloatFunctionModel#sigmoid} defines it: two {@link FloatFunctionUnit}s and an adder in a row. Whoever has a
 * {@link FloatFunctionUnit} and an adder already computes the same in two passes.
 */
public final class FloatSigmoid extends Module {

    /** Cycles from operand to result, for parts of {@code function} and {@code adder} stages: {@code 2 function + adder}. */
    public record Params(int function, int adder) {
        public int latency() {
            return 2 * function + adder;
        }
    }

    public final Bits a = in(bits(32));
    public final Bits result = out(bits(32));

    public FloatSigmoid(Params p) {
        super(p);
        doc("1 / (1 + e^-x) of a binary32 number, %d cycles later.".formatted(p.latency()));
        var power = new FloatFunctionUnit(new FloatFunctionUnit.Params(p.function()));
        power.function.set(FloatFunction.EXPONENTIAL);
        power.a.set(cat(a.bit(31).not(), a.bits(30, 0)));
        var sum = new FloatAdder(new FloatAdder.Params(FloatFormat.BINARY32, p.adder()));
        sum.a.set(power.result);
        sum.b.set(lit(0x3F800000L, 32).asBits());
        sum.subtract.set(false);
        var reciprocal = new FloatFunctionUnit(new FloatFunctionUnit.Params(p.function()));
        reciprocal.function.set(FloatFunction.RECIPROCAL);
        reciprocal.a.set(sum.result);
        result.set(reciprocal.result);
    }
}
