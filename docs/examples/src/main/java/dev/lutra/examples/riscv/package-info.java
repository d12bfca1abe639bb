// SPDX-License-Identifier: Apache-2.0
/**
 * A processor for the base integer instructions of RISC-V, 32 bits wide (The RISC-V Instruction Set Manual, Volume I, RV32I), in two
 * stages, and a small computer around it.
 */
@NullMarked
package dev.lutra.examples.riscv;

import org.jspecify.annotations.NullMarked;
