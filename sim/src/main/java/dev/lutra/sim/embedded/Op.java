// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

/** What a {@link Value} computes. Operators are defined on mathematical values, as in the IR. */
enum Op {
    /** A literal. */
    CONST,
    /** An input, a register or the output register of a synchronous read port: state that is there before the cycle. */
    SOURCE,
    /** Word of a memory at an address, before the writes of this cycle; 0 beyond the depth. */
    READ,
    NOT,
    NEG,
    AND_R,
    OR_R,
    XOR_R,
    ADD,
    SUB,
    MUL,
    DIV,
    REM,
    AND,
    OR,
    XOR,
    EQ,
    LT,
    LE,
    SHL,
    SHR,
    /** Condition, value if true, value if false. */
    MUX,
    /** Index and a {@link #BLOCK}: an element, 0 beyond the last. */
    SELECT,
    /** Index and elements: an element, 0 beyond the last; the others are not evaluated. */
    SWITCH,
    /** Elements side by side in the state, for {@link #SELECT} to index. Not a number. */
    BLOCK,
    /** Unsigned bits {@code lo} upwards of the operand's two's complement. */
    SLICE,
    /** Parts, most significant first. */
    CONCAT,
    /** The operand's two's complement, extended by its own sign or cut, read as another type. */
    CAST
}
