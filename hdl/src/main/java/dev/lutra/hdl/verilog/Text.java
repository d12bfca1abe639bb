// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

/**
 * A Verilog expression.
 *
 * @param code the text
 * @param level how tightly its outermost operator binds
 * @param signed whether Verilog takes it as signed
 * @param relies whether it has its meaning only in a context of the width it was written for and, when signed, among
 *     signed operands; otherwise its own width is that width and it means the same anywhere
 */
record Text(String code, int level, boolean signed, boolean relies) {

    static final int PRIMARY = 100;
    static final int UNARY = 90;
    static final int MULTIPLY = 80;
    static final int SUM = 70;
    static final int SHIFT = 60;
    static final int RELATION = 50;
    static final int EQUALITY = 45;
    static final int AND = 40;
    static final int XOR = 35;
    static final int OR = 30;
    static final int LOGIC_AND = 25;
    static final int LOGIC_OR = 20;
    static final int CONDITION = 10;

    /** A name, literal, concatenation or call. */
    static Text primary(String code, boolean signed) {
        return new Text(code, PRIMARY, signed, false);
    }

    /** The text as an operand of something that binds this tightly. */
    String at(int outer) {
        return level < outer ? "(" + code + ")" : code;
    }

    /** The same value taken as signed. */
    Text asSigned() {
        return signed ? this : primary("$signed(" + code + ")", true);
    }

    /** The same value taken as unsigned. */
    Text asUnsigned() {
        return signed ? primary("$unsigned(" + code + ")", false) : this;
    }
}
