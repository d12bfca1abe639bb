// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import dev.lutra.sim.junit.Engines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs built with gcc, run on the computer: what comes out of the console is what this JVM computes. */
@Engines({EngineKind.EMBEDDED, EngineKind.VERILATOR, EngineKind.ICARUS})
class ProgramIT {
    private static final int ROWS = 4096;
    private static final long MOST_CYCLES = 2_000_000;

    @TempDir
    private Path directory;

    private final EngineKind engine;

    ProgramIT(EngineKind engine) {
        this.engine = engine;
    }

    @ParameterizedTest
    @EnumSource
    void writesWhatTheHostComputes(Program program) throws IOException {
        switch (engine) {
            case EMBEDDED -> {
                check(program, "-O2", 1, false);
                check(program, "-Os", 2, true);
                check(program, "-O0", 3, false);
            }
            case VERILATOR -> {
                // A program is contents of a memory: each is a model of its own.
                oneUnlessDeep(program);
                check(program, "-O2", 4, true);
            }
            case ICARUS -> {
                oneUnlessDeep(program);
                check(program, "-O2", 5, false);
            }
        }
    }

    private static void oneUnlessDeep(Program program) {
        assumeTrue(program == Program.WORDS || Boolean.getBoolean("lutra.deep"), "skipped without --deep");
    }

    /** On Icarus with registers that are unknown after reset, as those of the processor are: they must not spread. */
    private Simulator open(Elaboration<?> design) {
        return engine == EngineKind.ICARUS ? Simulators.icarus(design) : engine.open(design);
    }

    private void check(Program program, String option, long seed, boolean slowConsole) throws IOException {
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
