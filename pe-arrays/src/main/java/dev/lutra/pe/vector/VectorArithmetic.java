// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.hdl.lib.fp.FloatArithmetic;
import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.hdl.lib.fp.FloatFunction;
import dev.lutra.hdl.lib.fp.FloatFunctionModel;
import dev.lutra.machine.VectorPass;

/** What the model needs of the functional models of the hardware library, so that it can be used where no hardware is. */
final class VectorArithmetic {

    private static final FloatArithmetic HALF = new FloatArithmetic(FloatFormat.BINARY16);
    private static final FloatArithmetic SINGLE = new FloatArithmetic(FloatFormat.BINARY32);

    private VectorArithmetic() {}

    static float function(VectorPass.Function function, float x) {
        return switch (function) {
            case NONE -> x;
            case EXPONENTIAL -> apply(FloatFunction.EXPONENTIAL, x);
            case RECIPROCAL -> apply(FloatFunction.RECIPROCAL, x);
            case RECIPROCAL_ROOT -> apply(FloatFunction.RECIPROCAL_ROOT, x);
        };
    }

    /** Bits of the binary32 number that a binary16 number is. */
    static int fromHalf(short half) {
        return (int) HALF.convert(half & 0xFFFF, FloatFormat.BINARY32);
    }

    /** Bits of the binary16 number nearest to a binary32 number, ties to even. */
    static short toHalf(int bits) {
        return (short) SINGLE.convert(bits & 0xFFFF_FFFFL, FloatFormat.BINARY16);
    }

    private static float apply(FloatFunction function, float x) {
        return Float.intBitsToFloat(FloatFunctionModel.apply(function, Float.floatToIntBits(x)));
    }
}
