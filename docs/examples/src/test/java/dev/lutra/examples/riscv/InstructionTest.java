// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The processor against the reference, instruction by instruction, in random streams ({@code -Dlutra.seed=N} picks one). */
@Engines({EngineKind.EMBEDDED, EngineKind.VERILATOR})
class InstructionTest {
    private static final int START = 0x8000_0000;
    private static final int LENGTH = 400;

    /** The instructions of RV32I that do not halt. */
    private static final String NAMES =
            "LUI AUIPC JAL JALR BEQ BNE BLT BGE BLTU BGEU LB LH LW LBU LHU SB SH SW ADDI SLTI SLTIU"
                    + " XORI ORI ANDI SLLI SRLI SRAI ADD SUB SLL SLT SLTU XOR SRL SRA OR AND FENCE";

    private final EngineKind engine;

    InstructionTest(EngineKind engine) {
        this.engine = engine;
    }

    private int programs() {
        return engine == EngineKind.EMBEDDED && Boolean.getBoolean("lutra.deep") ? 20_000 : 400;
    }

    @Test
    void instructionsDoWhatTheManualSays() {
        var design = Circuit.of(() -> new Rv32iCore(new Rv32iCore.Params(START & 0xffff_ffffL)));
        Map<String, Integer> seen = new TreeMap<>();
        var causes = new EnumMap<Cause, Integer>(Cause.class);
        Long only = Long.getLong("lutra.seed");
        try (var sim = engine.open(design)) {
            for (long seed = 0; seed < programs(); seed++) {
                var program = new RandomProgram(only == null ? seed : only, START, LENGTH);
                run(program, sim, design.top(), only == null ? seed : only);
                program.steps.forEach(step -> seen.merge(step.name(), 1, Integer::sum));
                causes.merge(program.halted, 1, Integer::sum);
            }
        }
        if (only == null) {
            assertThat(seen.keySet()).containsExactlyInAnyOrder(NAMES.split(" "));
            assertThat(seen.values()).allMatch(count -> count >= programs() / 4);
            assertThat(causes.keySet()).containsExactly(Cause.values());
        }
    }

    private static void run(RandomProgram program, Simulator sim, Rv32iCore core, long seed) {
        var stored = new HashMap<Integer, Integer>();
        boolean waits = seed % 2 == 1;
        var bench = new CoreBench(sim, core, program.memory(stored), new Random(seed), waits);
        for (int i = 0; i < program.steps.size(); i++) {
            var step = program.steps.get(i);
            var expected = new CoreBench.Retirement(step.pc(), step.instruction(), step.rd(), step.value());
            var actual = bench.next();
            if (actual != null && actual.rd() == 0) {
                actual = new CoreBench.Retirement(actual.pc(), actual.instruction(), 0, 0);
            }
            assertThat(actual).as("seed %d, step %d: %s", seed, i, step).isEqualTo(expected);
        }
        long loads = program.steps.stream()
                .filter(step -> step.name().matches("L[BHW]U?"))
                .count();
        if (!waits) {
            // One cycle each, loads two, and one before the first.
            assertThat(bench.cycles).as("seed %d", seed).isEqualTo(1 + program.steps.size() + loads);
        }
        if (program.halted != Cause.NONE) {
            assertThat(bench.next()).as("seed %d, halts", seed).isNull();
            assertThat(sim.peek(core.cause)).as("seed %d, cause", seed).isEqualTo(program.halted.ordinal());
            assertThat(bench.next()).as("seed %d, stays halted", seed).isNull();
            assertThat(stored).as("seed %d, memory", seed).containsAllEntriesOf(program.stored);
        }
    }
}
