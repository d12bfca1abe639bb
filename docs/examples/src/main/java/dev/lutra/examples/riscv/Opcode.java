// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

/** Bits 6 to 0 of the instructions (RISC-V manual, table of base opcodes). */
final class Opcode {
    static final int LOAD = 0x03;
    static final int MISC_MEM = 0x0f;
    static final int OP_IMM = 0x13;
    static final int AUIPC = 0x17;
    static final int STORE = 0x23;
    static final int OP = 0x33;
    static final int LUI = 0x37;
    static final int BRANCH = 0x63;
    static final int JALR = 0x67;
    static final int JAL = 0x6f;
    static final int SYSTEM = 0x73;

    private Opcode() {}
}
