// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

/** Cycles from a slot's row addresses to the parts of a lane, and the stages between them. */
final class VectorTiming {
    /** Rows are there, as they lie in the scratchpad. */
    static final int READ = 1;

    static final int CONVERTING = 2;

    /** Operands of the multiplier. */
    static final int MULTIPLY = READ + 1 + CONVERTING;

    static final int MULTIPLYING = 3;

    /** Operands of the adder. */
    static final int ADD = MULTIPLY + MULTIPLYING;

    /** Stages of the adder, which is the number of partial sums. */
    static final int ADDING = 4;

    /** The operand of the function. */
    static final int APPLY = ADD + ADDING;

    static final int APPLYING = 6;

    /** The result. */
    static final int VALUE = APPLY + APPLYING;

    /** What is written to the scratchpad at the end of the cycle. */
    static final int WRITE = VALUE + 1;

    private VectorTiming() {}
}
