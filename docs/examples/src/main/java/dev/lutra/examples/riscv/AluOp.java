// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

/** What the arithmetic unit computes. */
enum AluOp {
    ADD,
    SUB,
    SHIFT_LEFT,
    LESS_SIGNED,
    LESS_UNSIGNED,
    XOR,
    SHIFT_RIGHT_LOGICAL,
    SHIFT_RIGHT_ARITHMETIC,
    OR,
    AND
}
