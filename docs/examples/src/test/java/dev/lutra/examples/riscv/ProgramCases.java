// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.Simulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/** Programs built with gcc, run on the computer: what comes out of the console is what this JVM computes. */
abstract class ProgramCases {
    private static final int ROWS = 4096;
    private static final long MOST_CYCLES = 2_000_000;

    @TempDir
    private Path directory;

    abstract Simulator open(Elaboration<?> design);

    void check(Program program, String option, long seed, boolean slowConsole) throws IOException {
        var work = program.work(new Random(seed));
        long[] image = new Gcc(directory).image(program.file(), option, work.input());
        var design = Circuit.of(() -> new Computer(Gcc.MEMORY_WORDS, image));
        try (var sim = open(design)) {
            String what = "%s %s, seed %d".formatted(program, option, seed);
            byte[] output = run(sim, design.top(), new Random(seed), slowConsole);
            assertThat(sim.peek(design.top().cause)).as(what).isEqualTo(Cause.CALL.ordinal());
            assertThat(output).as(what).isEqualTo(work.output());
        }
    }

    /** The bytes that come out of the console until the computer halts. */
    private static byte[] run(Simulator sim, Computer computer, Random random, boolean slow) {
        var console = computer.console;
        var batch = sim.batch(List.of(console.ready), List.of(console.valid, console.bits, computer.halted), ROWS);
        var output = new ByteArrayOutputStream();
        sim.reset(1);
        while (sim.cycle() < MOST_CYCLES) {
            for (int row = 0; row < ROWS; row++) {
                batch.set(row, 0, slow && random.nextInt(50) > 0 ? 0 : 1);
            }
            batch.run(ROWS);
            boolean ends = false;
            for (int row = 0; row < ROWS; row++) {
                boolean taken = batch.get(row, 0) == 1 && batch.stimulus().get(row) == 1;
                if (taken) {
                    output.write((int) batch.get(row, 1));
                }
                ends = batch.get(row, 2) == 1 && batch.get(row, 0) == 0;
            }
            if (ends) {
                return output.toByteArray();
            }
        }
        throw new AssertionError("not halted after " + sim.cycle() + " cycles: " + output);
    }
}
