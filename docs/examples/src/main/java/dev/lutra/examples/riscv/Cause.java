// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

/** Why the processor has halted. */
public enum Cause {
    /** It has not. */
    NONE,
    /** ECALL. */
    CALL,
    /** EBREAK. */
    BREAK,
    /** No instruction of RV32I. */
    ILLEGAL,
    /** A jump or a taken branch to an address that is no multiple of 4. */
    MISALIGNED_JUMP,
    /** A load from an address that is no multiple of its size. */
    MISALIGNED_LOAD,
    /** A store to an address that is no multiple of its size. */
    MISALIGNED_STORE
}
