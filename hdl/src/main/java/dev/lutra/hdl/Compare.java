// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.math.BigInteger;

/** Order against a constant. */
final class Compare {
    private Compare() {}

    /**
     * The comparison, or a constant where the operand's range decides it already ({@code x.lt(16)} of four bits), which
     * generators run into and lint tools complain about.
     */
    static Bool constant(Op op, Ground value, long constant) {
        return constant(op, value, BigInteger.valueOf(constant));
    }

    /** The same; of a fixed-point number in units of its last bit. */
    static Bool constant(Op op, Ground value, BigInteger other) {
        int least = value.least().compareTo(other);
        int greatest = value.greatest().compareTo(other);
        boolean always;
        boolean never;
        switch (op) {
            case LT -> {
                always = greatest < 0;
                never = least >= 0;
            }
            case LE -> {
                always = greatest <= 0;
                never = least > 0;
            }
            case GT -> {
                always = least > 0;
                never = greatest <= 0;
            }
            case GE -> {
                always = least >= 0;
                never = greatest < 0;
            }
            default -> throw new IllegalArgumentException(op.name());
        }
        if (always || never) {
            return Hdl.lit(always);
        }
        return Build.binary(op, value, Build.literal(value, other), new Bool());
    }
}
