// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

/** What the processor does with an instruction. */
enum Kind {
    /** The result of the arithmetic unit goes to rd. */
    OPERATION,
    /** The next address goes to rd, the result of the arithmetic unit becomes the address. */
    JUMP,
    /** The result of the arithmetic unit becomes the address if the condition holds. */
    BRANCH,
    /** From the address that the arithmetic unit gives to rd. */
    LOAD,
    /** rs2 to the address that the arithmetic unit gives. */
    STORE,
    /** Nothing: accesses are done in order anyway. */
    FENCE,
    CALL,
    BREAK,
    ILLEGAL
}
