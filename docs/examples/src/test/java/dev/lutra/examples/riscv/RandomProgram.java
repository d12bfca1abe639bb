// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A random instruction stream, made as it is executed by the reference: most instructions are legal and most addresses aligned, since
 * what the registers hold is known when an instruction is chosen. Data may be anywhere in the address space.
 */
final class RandomProgram {
    private static final int[] CORNERS = {0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 31, 32, 0x8000, 0xff, -128};

    /** Chance of an instruction that is likely to halt. */
    private static final double DANGER = 0.002;

    private final Random random;
    private final int seed;
    private final Map<Integer, Integer> code = new HashMap<>();

    /** What the reference did until it halted or had done enough. */
    final List<Iss.Step> steps = new ArrayList<>();

    /** Why it halted, or NONE. */
    final Cause halted;

    /** What it stored, byte by byte. */
    final Map<Integer, Integer> stored = new HashMap<>();

    RandomProgram(long seed, int start, int length) {
        random = new Random(seed);
        this.seed = random.nextInt();
        registersAtRandom(start);
        var reference = new Iss[1];
        reference[0] = new Iss(
                new Data(stored) {
                    @Override
                    public int instruction(int address) {
                        return code.computeIfAbsent(address, a -> choose(reference[0]));
                    }
                },
                start);
        for (int i = 0; i < length; i++) {
            var step = reference[0].step();
            if (step == null) {
                break;
            }
            steps.add(step);
        }
        halted = reference[0].halted();
    }

    /** A memory with this program and fresh data, which keeps what is stored in a map. */
    Iss.Memory memory(Map<Integer, Integer> stored) {
        return new Data(stored) {
            @Override
            public int instruction(int address) {
                return code.getOrDefault(address, 0);
            }
        };
    }

    private abstract class Data implements Iss.Memory {
        private final Map<Integer, Integer> stored;

        Data(Map<Integer, Integer> stored) {
            this.stored = stored;
        }

        @Override
        public int load(int address) {
            return stored.computeIfAbsent(address, a -> ((a ^ seed) * 0x9e37_79b1) >>> 24);
        }

        @Override
        public void store(int address, int value) {
            stored.put(address, value);
        }
    }

    private void registersAtRandom(int start) {
        for (int register = 1, at = start; register < 32; register++, at += 8) {
            int value = random.nextInt(4) == 0 ? CORNERS[random.nextInt(CORNERS.length)] : random.nextInt();
            code.put(at, (value + 0x800 & 0xffff_f000) | register << 7 | 0x37);
            code.put(at + 4, iType(value, register, 0, register, 0x13));
        }
    }

    private static int iType(int immediate, int rs1, int f3, int rd, int opcode) {
        return immediate << 20 | rs1 << 15 | f3 << 12 | rd << 7 | opcode;
    }

    private static int sType(int immediate, int rs2, int rs1, int f3) {
        return immediate >> 5 << 25 | rs2 << 20 | rs1 << 15 | f3 << 12 | (immediate & 31) << 7 | 0x23;
    }

    private static int bType(int immediate, int rs2, int rs1, int f3) {
        int scattered = (immediate >> 12 & 1) << 31
                | (immediate >> 5 & 63) << 25
                | (immediate >> 1 & 15) << 8
                | (immediate >> 11 & 1) << 7;
        return scattered | rs2 << 20 | rs1 << 15 | f3 << 12 | 0x63;
    }

    private static int jType(int immediate, int rd) {
        int scattered = (immediate >> 20 & 1) << 31
                | (immediate >> 1 & 1023) << 21
                | (immediate >> 11 & 1) << 20
                | (immediate >> 12 & 255) << 12;
        return scattered | rd << 7 | 0x6f;
    }

    private int choose(Iss reference) {
        // x1 to x4 change seldom, so that accesses through them meet.
        int rd = random.nextInt(20) == 0 ? random.nextInt(32) : 5 + random.nextInt(27);
        int rs1 = random.nextInt(32);
        int rs2 = random.nextInt(5) == 0 ? rs1 : random.nextInt(32);
        int base = random.nextInt(4) == 0 ? rs1 : 1 + random.nextInt(4);
        boolean danger = random.nextDouble() < DANGER * 10;
        if (random.nextDouble() < DANGER) {
            return switch (random.nextInt(4)) {
                case 0 -> 0x73;
                case 1 -> 0x0010_0073;
                case 2 -> random.nextInt();
                default ->
                    random.nextInt() & ~0x7f
                            | new int[] {3, 0xf, 0x13, 0x23, 0x33, 0x63, 0x67, 0x73}[random.nextInt(8)];
            };
        }
        int number = random.nextInt(4096) - 2048;
        int near = random.nextInt(16) - 8;
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> {
                int f3 = random.nextInt(8);
                int f7 = (f3 == 0 || f3 == 5) && random.nextBoolean() ? 0x20 : 0;
                yield f7 << 25 | rs2 << 20 | rs1 << 15 | f3 << 12 | rd << 7 | 0x33;
            }
            case 3, 4, 5 -> {
                int f3 = random.nextInt(8);
                int shift = random.nextInt(32) | (f3 == 5 && random.nextBoolean() ? 0x400 : 0);
                yield iType(f3 == 1 || f3 == 5 ? shift : number, rs1, f3, rd, 0x13);
            }
            case 6 -> random.nextInt() & 0xffff_f000 | rd << 7 | (random.nextBoolean() ? 0x37 : 0x17);
            case 7, 8 -> {
                int f3 = new int[] {0, 1, 2, 4, 5}[random.nextInt(5)];
                yield iType(aligned(near, reference.register(base), 1 << (f3 & 3), danger), base, f3, rd, 3);
            }
            case 9 -> {
                int f3 = random.nextInt(3);
                yield sType(aligned(near, reference.register(base), 1 << f3, danger), rs2, base, f3);
            }
            case 10 -> {
                int f3 = new int[] {0, 1, 4, 5, 6, 7}[random.nextInt(6)];
                yield bType(aligned(number * 2, 0, 4, danger), rs2, rs1, f3);
            }
            default ->
                switch (random.nextInt(5)) {
                    case 0 -> random.nextInt() & 0xffff_8f80 | 0xf;
                    case 1, 2 -> jType(aligned(random.nextInt(1 << 21) - (1 << 20), 0, 4, danger), rd);
                    default -> iType(aligned(number, reference.register(rs1), 4, danger), rs1, 0, rd, 0x67);
                };
        };
    }

    /** An offset near another one that gives an aligned address, unless it is to be dangerous. */
    private static int aligned(int offset, int base, int size, boolean danger) {
        return danger ? offset : (offset + base & -size) - base;
    }
}
