// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

/** What the arithmetic unit takes first. */
enum FirstOperand {
    RS1,
    PC,
    ZERO
}
