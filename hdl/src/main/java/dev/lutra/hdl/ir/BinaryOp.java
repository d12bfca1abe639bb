// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

/**
 * Operators of {@link Expr.Binary}. Each is defined on the mathematical values of its operands; the result is taken
 * modulo 2^width of the node's type.
 */
public enum BinaryOp {
    /** Sum. */
    ADD("+"),
    /** Difference. */
    SUB("-"),
    /** Product. */
    MUL("*"),
    /** Quotient rounded towards zero; all ones when the divisor is 0. */
    DIV("/"),
    /** Remainder with the sign of the dividend; the dividend when the divisor is 0. */
    REM("%"),
    /** Bitwise and of the infinite two's complements. */
    AND("&"),
    /** Bitwise or of the infinite two's complements. */
    OR("|"),
    /** Bitwise exclusive or of the infinite two's complements. */
    XOR("^"),
    /** Equal. */
    EQ("=="),
    /** Not equal. */
    NE("!="),
    /** Less than. */
    LT("<"),
    /** At most. */
    LE("<="),
    /** Greater than. */
    GT(">"),
    /** At least. */
    GE(">="),
    /** Left operand times 2^right; the right operand is unsigned. */
    SHL("<<"),
    /** Left operand divided by 2^right, rounded down (arithmetic where signed); the right operand is unsigned. */
    SHR(">>");

    private final String symbol;

    BinaryOp(String symbol) {
        this.symbol = symbol;
    }

    /** The operator as mathematics writes it. */
    public String symbol() {
        return symbol;
    }

    /** Whether the result is one bit, true or false. */
    public boolean compares() {
        return ordinal() >= EQ.ordinal() && ordinal() <= GE.ordinal();
    }

    /** Whether the right operand is an amount. */
    public boolean shifts() {
        return this == SHL || this == SHR;
    }
}
