// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.Buffers;
import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.Instruction.Vector;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.Tokens;
import dev.lutra.machine.Unit;
import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorShape;
import dev.lutra.map.check.ProgramChecker;
import dev.lutra.map.check.VectorHazards;
import dev.lutra.map.exec.ProgramInterpreter;
import dev.lutra.runtime.device.Device;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.junit.Engines;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random programs with vectors: the checker takes them, and the hardware gives what the interpreter gives. */
final class VectorProgramsTest {
    private static final boolean DEEP = Boolean.getBoolean("lutra.deep");

    static Machine machine(int lanes) {
        Machine s = Machine.standard();
        return new Machine(
                s.engine(), s.bus(), new Buffers(8192, 1024, 512, 2048, 8192), new VectorShape(lanes, 64), 4, true, 0);
    }

    @Engines
    void randomPrograms(EngineKind engine) throws Exception {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        int[] lanes = DEEP ? engine == EngineKind.EMBEDDED ? new int[] {1, 2, 4, 8, 16} : new int[] {4} : new int[] {4};
        for (int each : lanes) {
            Machine machine = machine(each);
            MemoryConfig memory =
                    MemoryConfig.of(1 << 20, 20).withBandwidth(600).withStalls(MemoryConfig.Stalls.uniform(seed, 100));
            try (Device device = SimulatedDevice.open(machine, engine, memory).device()) {
                for (int i = 0; i < (DEEP ? 40 : 4); i++) {
                    var random = new RandomVectorProgram(machine, seed + i, 60);
                    String about = "%d lanes, program %d, -Dlutra.seed=%d".formatted(each, i, seed);
                    Program program = random.program();
                    assertThat(ProgramChecker.check(machine, program)).as(about).isEmpty();
                    byte[] expected = interpreted(machine, random, seed);
                    assertThat(interpreted(machine, random, seed + 1)).as(about).isEqualTo(expected);
                    assertThat(random.run(device).results()).as(about).isEqualTo(expected);
                }
            }
        }
    }

    /** Passes, loads, products and stores are held apart by tokens alone: without any one of them the checker refuses the program. */
    @Test
    void everyTokenIsNeeded() {
        Machine machine = machine(8);
        var random = new RandomVectorProgram(machine, 5, 40);
        Program good = random.program();
        assertThat(ProgramChecker.check(machine, good)).isEmpty();
        int tried = 0;
        for (int pc = 0; pc < good.code().size(); pc++) {
            for (Unit unit : Unit.values()) {
                for (boolean waits : new boolean[] {true, false}) {
                    Instruction without = without(good.code().get(pc), unit, waits);
                    if (without.equals(good.code().get(pc))) {
                        continue;
                    }
                    List<Instruction> code = new ArrayList<>(good.code());
                    code.set(pc, without);
                    assertThat(ProgramChecker.check(machine, with(good, code)))
                            .as("instruction %d: %s", pc, without)
                            .isNotEmpty();
                    tried++;
                }
            }
        }
        assertThat(tried).isGreaterThan(40);
    }

    /** A pass that no longer waits for what is under way is refused wherever it reads that. */
    @Test
    void passesThatDoNotWaitAreRefused() {
        Machine machine = machine(4);
        VectorPass put = VectorPass.load(1, 2f).write(VectorPass.Result.FLOAT, 0);
        VectorPass row = VectorPass.of(0, 1);
        assertThat(hazard(machine, put, row.after(VectorPass.After.ROWS))).isEmpty();
        assertThat(hazard(machine, put, row.after(VectorPass.After.NOTHING))).contains("row 0 may not be written yet");
        VectorPass scalar = VectorPass.ofScalar(1).to(4);
        assertThat(hazard(machine, put, scalar.after(VectorPass.After.ROWS))).isEmpty();
        assertThat(hazard(machine, put, scalar.after(VectorPass.After.NOTHING)))
                .contains("register s1 may not be written yet");
        assertThat(hazard(machine, put, VectorPass.ofScalar(2).to(4))).contains("register s2 is not set");
        VectorPass sum = VectorPass.of(0, 1).reduced(VectorPass.Reduction.SUM, 1);
        assertThat(hazard(machine, sum, scalar.after(VectorPass.After.ROWS))).contains("s1 may not be written yet");
        assertThat(hazard(machine, sum, scalar)).isEmpty();
    }

    private static String hazard(Machine machine, VectorPass first, VectorPass second) {
        var hazards = new VectorHazards(machine.vector());
        hazards.add(first);
        return hazards.complaint(second);
    }

    private static Program with(Program p, List<Instruction> code) {
        return new Program(p.fingerprint(), p.imageBytes(), p.regions(), p.tensors(), code);
    }

    private static Instruction without(Instruction i, Unit unit, boolean waits) {
        if (i instanceof Vector x) {
            return new Vector(drop(x.tokens(), unit, waits), x.pass(), x.length());
        } else if (i instanceof LoadRows x) {
            return new LoadRows(drop(x.tokens(), unit, waits), x.base(), x.stride(), x.row(), x.beats(), x.format());
        } else if (i instanceof StoreRows x) {
            return new StoreRows(drop(x.tokens(), unit, waits), x.base(), x.stride(), x.row(), x.beats(), x.format());
        } else if (i instanceof Sync x) {
            return new Sync(drop(x.tokens(), unit, waits), x.unit());
        }
        return i;
    }

    private static Tokens drop(Tokens tokens, Unit unit, boolean waits) {
        int keep = ~unit.bit();
        return waits
                ? new Tokens(tokens.waits() & keep, tokens.posts())
                : new Tokens(tokens.waits(), tokens.posts() & keep);
    }

    private static byte[] interpreted(Machine machine, RandomVectorProgram random, long seed) {
        byte[] results = new byte[random.resultBytes()];
        ByteBuffer memory = ByteBuffer.allocate(random.image().length + random.inputs().length + results.length);
        memory.put(random.image()).put(random.inputs());
        new ProgramInterpreter(machine, random.program().code(), memory, seed).run(random.arguments());
        memory.get(memory.capacity() - results.length, results);
        return results;
    }
}
