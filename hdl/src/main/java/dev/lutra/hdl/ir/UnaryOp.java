// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

/** Operators of {@link Expr.Unary}. */
public enum UnaryOp {
    /** Every bit inverted; the type has the operand's width. */
    NOT,
    /** 0 minus the value, modulo 2^width of the result. */
    NEG,
    /** Whether all bits are 1. */
    AND_R,
    /** Whether any bit is 1. */
    OR_R,
    /** Whether an odd number of bits is 1. */
    XOR_R;

    /** Whether the result is one bit made of all bits of the operand. */
    public boolean reduces() {
        return this == AND_R || this == OR_R || this == XOR_R;
    }
}
