// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.hdl.lib.fp.FloatFunction;
import dev.lutra.hdl.lib.fp.FloatFunctionModel;
import dev.lutra.machine.VectorPass;

/** What the model needs of the functional models of the hardware library, so that it can be used where no hardware is. */
final class VectorArithmetic {

    private VectorArithmetic() {}

    static float function(VectorPass.Function function, float x) {
        return switch (function) {
            case NONE -> x;
            case EXPONENTIAL -> apply(FloatFunction.EXPONENTIAL, x);
            case RECIPROCAL -> apply(FloatFunction.RECIPROCAL, x);
            case RECIPROCAL_ROOT -> apply(FloatFunction.RECIPROCAL_ROOT, x);
        };
    }

    private static float apply(FloatFunction function, float x) {
        return Float.intBitsToFloat(FloatFunctionModel.apply(function, Float.floatToIntBits(x)));
    }
}
