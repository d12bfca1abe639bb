// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.examples.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Builds programs for {@link Computer} with gcc for RISC-V (Debian: gcc-riscv64-unknown-elf). */
final class Gcc {
    private static final String PREFIX = "riscv64-unknown-elf-";
    private static final List<String> FILES =
            List.of("computer.ld", "computer.h", "start.S", "runtime.c", "sort.c", "matrix.c", "words.c");

    /** Words of the memory that the programs are linked for. */
    static final int MEMORY_WORDS = 0x1_0000 / 4;

    private static final int INPUT = 0x8000;
    private static final int STACK = 0xc000;

    private final Path directory;

    /** Skips the test where there is no compiler. */
    Gcc(Path directory) throws IOException {
        Tools.require(PREFIX + "gcc", PREFIX + "objcopy");
        this.directory = directory;
        for (String file : FILES) {
            try (var source = Gcc.class.getResourceAsStream(file)) {
                Files.write(directory.resolve(file), source.readAllBytes());
            }
        }
    }

    /**
     * The words of the memory, a program and its input.
     *
     * @param option of optimisation, such as {@code -O2}
     */
    long[] image(String program, String option, byte[] input) throws IOException {
        Tools.run(
                directory,
                List.of((PREFIX + "gcc -march=rv32i -mabi=ilp32 -ffreestanding -nostdlib -static -Wall -Werror "
                                + option
                                + " -fno-tree-loop-distribute-patterns -T computer.ld -o program.elf start.S runtime.c "
                                + program + ".c -lgcc")
                        .split(" ")));
        Tools.run(directory, List.of(PREFIX + "objcopy", "-O", "binary", "program.elf", "program.bin"));
        byte[] code = Files.readAllBytes(directory.resolve("program.bin"));
        if (code.length > INPUT || INPUT + input.length > STACK) {
            throw new AssertionError(code.length + " bytes of program, " + input.length + " of input");
        }
        long[] image = new long[(INPUT + input.length + 4) / 4];
        place(code, 0, image);
        place(input, INPUT, image);
        return image;
    }

    private static void place(byte[] bytes, int address, long[] image) {
        for (int i = 0; i < bytes.length; i++) {
            image[(address + i) / 4] |= (bytes[i] & 255L) << 8 * ((address + i) % 4);
        }
    }
}
