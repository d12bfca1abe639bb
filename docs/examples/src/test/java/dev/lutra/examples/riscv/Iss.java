// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

/**
 * An instruction set simulator of RV32I, written from the manual (The RISC-V Instruction Set Manual, Volume I, chapter "RV32I Base
 * Integer Instruction Set") for comparison with {@link Rv32iCore}.
 */
final class Iss {
    /** Memory as the program sees it, byte by byte; instructions and data may differ. */
    interface Memory {
        /** The instruction at a multiple of 4. */
        int instruction(int address);

        /** The byte at an address, 0 to 255. */
        int load(int address);

        void store(int address, int value);
    }

    /** The manual's name of an instruction, with what it did: register written (0: none) and its new value. */
    record Step(String name, int pc, int instruction, int rd, int value) {
        @Override
        public String toString() {
            return "%s at %08x (%08x), x%d = %08x".formatted(name, pc, instruction, rd, value);
        }
    }

    private final Memory memory;
    private final int[] x = new int[32];
    private int pc;
    private Cause halted = Cause.NONE;

    // Of the instruction in work.
    private String name = "";
    private int rd;
    private int next;

    Iss(Memory memory, int pc) {
        this.memory = memory;
        this.pc = pc;
    }

    int pc() {
        return pc;
    }

    int register(int number) {
        return x[number];
    }

    /** Why the last {@link #step} did nothing. */
    Cause halted() {
        return halted;
    }

    /** Executes an instruction; null where it halts instead. */
    Step step() {
        int at = pc;
        int word = memory.instruction(at);
        rd = 0;
        next = pc + 4;
        name = "";
        execute(word);
        if (halted != Cause.NONE) {
            return null;
        }
        x[0] = 0;
        pc = next;
        return new Step(name, at, word, rd, x[rd]);
    }

    private void halt(Cause cause) {
        halted = cause;
    }

    private void write(int register, int value) {
        rd = register;
        x[register] = value;
    }

    private void jump(int target) {
        if ((target & 3) != 0) {
            halt(Cause.MISALIGNED_JUMP);
        }
        next = target;
    }

    private static int field(int word, int high, int low) {
        return word >>> low & (1 << high - low + 1) - 1;
    }

    private static int signed(int value, int bits) {
        return value << 32 - bits >> 32 - bits;
    }

    private void execute(int word) {
        int dest = field(word, 11, 7);
        int f3 = field(word, 14, 12);
        int a = x[field(word, 19, 15)];
        int b = x[field(word, 24, 20)];
        int f7 = field(word, 31, 25);
        int immI = signed(field(word, 31, 20), 12);
        int immS = signed(f7 << 5 | dest, 12);
        int immB = signed(
                field(word, 31, 31) << 12
                        | field(word, 7, 7) << 11
                        | field(word, 30, 25) << 5
                        | field(word, 11, 8) << 1,
                13);
        int immU = word & 0xffff_f000;
        int immJ = signed(
                field(word, 31, 31) << 20
                        | field(word, 19, 12) << 12
                        | field(word, 20, 20) << 11
                        | field(word, 30, 21) << 1,
                21);
        switch (field(word, 6, 0)) {
            case 0b0110111 -> {
                name = "LUI";
                write(dest, immU);
            }
            case 0b0010111 -> {
                name = "AUIPC";
                write(dest, pc + immU);
            }
            case 0b1101111 -> {
                name = "JAL";
                jump(pc + immJ);
                if (halted == Cause.NONE) {
                    write(dest, pc + 4);
                }
            }
            case 0b1100111 -> {
                name = f3 == 0 ? "JALR" : illegal();
                if (f3 == 0) {
                    jump(a + immI & ~1);
                    if (halted == Cause.NONE) {
                        write(dest, pc + 4);
                    }
                }
            }
            case 0b1100011 -> {
                boolean taken = switch (f3) {
                    case 0b000 -> a == b;
                    case 0b001 -> a != b;
                    case 0b100 -> a < b;
                    case 0b101 -> a >= b;
                    case 0b110 -> Integer.compareUnsigned(a, b) < 0;
                    case 0b111 -> Integer.compareUnsigned(a, b) >= 0;
                    default -> false;
                };
                name = f3 == 2 || f3 == 3
                        ? illegal()
                        : new String[] {"BEQ", "BNE", "", "", "BLT", "BGE", "BLTU", "BGEU"}[f3];
                if (taken) {
                    jump(pc + immB);
                }
            }
            case 0b0000011 -> load(f3, a + immI, dest);
            case 0b0100011 -> store(f3, a + immS, b);
            case 0b0010011 -> operateImmediate(f3, f7, a, immI, dest);
            case 0b0110011 -> operate(f3, f7, a, b, dest);
            case 0b0001111 -> name = f3 == 0 ? "FENCE" : illegal();
            case 0b1110011 -> {
                if (word == 0x73) {
                    halt(Cause.CALL);
                } else if (word == 0x0010_0073) {
                    halt(Cause.BREAK);
                } else {
                    illegal();
                }
            }
            default -> illegal();
        }
    }

    private String illegal() {
        halt(Cause.ILLEGAL);
        return "";
    }

    private void load(int f3, int address, int dest) {
        int size = 1 << (f3 & 3);
        if (f3 == 3 || f3 > 5) {
            illegal();
        } else if (Integer.remainderUnsigned(address, size) != 0) {
            halt(Cause.MISALIGNED_LOAD);
        } else {
            name = new String[] {"LB", "LH", "LW", "", "LBU", "LHU"}[f3];
            int value = 0;
            for (int i = 0; i < size; i++) {
                value |= memory.load(address + i) << 8 * i;
            }
            write(dest, f3 < 4 ? signed(value, 8 * size) : value);
        }
    }

    private void store(int f3, int address, int value) {
        if (f3 > 2) {
            illegal();
        } else if (Integer.remainderUnsigned(address, 1 << f3) != 0) {
            halt(Cause.MISALIGNED_STORE);
        } else {
            name = new String[] {"SB", "SH", "SW"}[f3];
            for (int i = 0; i < 1 << f3; i++) {
                memory.store(address + i, value >>> 8 * i & 255);
            }
        }
    }

    private void operateImmediate(int f3, int f7, int a, int imm, int dest) {
        int amount = imm & 31;
        switch (f3) {
            case 0b000 -> result("ADDI", dest, a + imm);
            case 0b010 -> result("SLTI", dest, a < imm ? 1 : 0);
            case 0b011 -> result("SLTIU", dest, Integer.compareUnsigned(a, imm) < 0 ? 1 : 0);
            case 0b100 -> result("XORI", dest, a ^ imm);
            case 0b110 -> result("ORI", dest, a | imm);
            case 0b111 -> result("ANDI", dest, a & imm);
            default -> {
                if (f3 == 0b001 && f7 == 0) {
                    result("SLLI", dest, a << amount);
                } else if (f3 == 0b101 && f7 == 0) {
                    result("SRLI", dest, a >>> amount);
                } else if (f3 == 0b101 && f7 == 0b0100000) {
                    result("SRAI", dest, a >> amount);
                } else {
                    illegal();
                }
            }
        }
    }

    private void operate(int f3, int f7, int a, int b, int dest) {
        int amount = b & 31;
        switch (f7 << 3 | f3) {
            case 0b000 -> result("ADD", dest, a + b);
            case 0b0100000_000 -> result("SUB", dest, a - b);
            case 0b001 -> result("SLL", dest, a << amount);
            case 0b010 -> result("SLT", dest, a < b ? 1 : 0);
            case 0b011 -> result("SLTU", dest, Integer.compareUnsigned(a, b) < 0 ? 1 : 0);
            case 0b100 -> result("XOR", dest, a ^ b);
            case 0b101 -> result("SRL", dest, a >>> amount);
            case 0b0100000_101 -> result("SRA", dest, a >> amount);
            case 0b110 -> result("OR", dest, a | b);
            case 0b111 -> result("AND", dest, a & b);
            default -> illegal();
        }
    }

    private void result(String name, int dest, int value) {
        this.name = name;
        write(dest, value);
    }
}
