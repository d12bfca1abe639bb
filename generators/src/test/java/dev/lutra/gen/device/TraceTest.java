// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.Vector;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.Unit;
import dev.lutra.map.exec.Control;
import dev.lutra.map.exec.Issued;
import dev.lutra.map.exec.RunArguments;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.pe.LutCoreCycles;
import dev.lutra.pe.vector.VectorCycles;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.Trace;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.junit.Engines;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The hardware's trace against what each instruction must have done by the instruction set. */
@Engines
final class TraceTest {
    private static final int ROWS = 3;

    private final EngineKind engine;

    TraceTest(EngineKind engine) {
        this.engine = engine;
    }

    @Test
    void everyInstructionIsThereWithTheCyclesItTook() {
        Machine machine = Machine.standard().withTrace(1024);
        try (Device device = open(machine, 200)) {
            Product product = Product.random(7, WeightFormat.INT4, 50, 200, 32, ROWS);
            long cycles = product.run(device).counters().cycles();
            Program program =
                    product.mapped(machine, OutputStream.nullOutputStream()).program();
            int entry = program.region(Product.REGION).entry();
            check(machine, device.trace(), cycles, program, RunArguments.region(entry, 0, ROWS, 0, 0, 0));
        }
    }

    @Test
    void passesAndRowsOfTheScratchpadToo() throws Exception {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        Machine machine = VectorProgramsTest.machine(4).withTrace(1024);
        var random = new RandomVectorProgram(machine, seed, 60);
        try (Device device = open(machine, 200)) {
            long cycles = random.run(device).counters().cycles();
            check(machine, device.trace(), cycles, random.program(), random.arguments());
        } catch (AssertionError wrong) {
            throw new AssertionError("-Dlutra.seed=" + seed + ": " + wrong.getMessage(), wrong);
        }
    }

    private static void check(Machine machine, Trace trace, long cycles, Program program, RunArguments arguments) {
        assertThat(trace.before()).isZero();
        assertThat(trace.lost()).isFalse();
        for (Unit unit : Unit.of(machine)) {
            List<Issued> issued = issued(program, arguments, unit);
            List<Trace.Event> events = trace.of(unit);
            assertThat(events).as("instructions of %s", unit).hasSameSizeAs(issued);
            long end = -1;
            long rowsWorked = 0;
            long rowBeats = 0;
            int rowTransfers = 0;
            for (int i = 0; i < events.size(); i++) {
                Trace.Event event = events.get(i);
                long work = work(machine, issued.get(i));
                if (issued.get(i).instruction()
                        instanceof LoadRows rows) { // whose beats may come while the one before is written
                    rowsWorked += event.worked();
                    rowBeats += rows.beats();
                    rowTransfers++;
                    assertThat(rowsWorked)
                            .as("LDV %d ends before its beats are there: %s", i, event)
                            .isGreaterThanOrEqualTo(rowBeats);
                } else if (unit == Unit.LDW) { // which the memory may keep waiting at every burst
                    assertThat(event.worked()).as("%s %d: %s", unit, i, event).isGreaterThanOrEqualTo(work);
                } else {
                    assertThat(event.worked()).as("%s %d: %s", unit, i, event).isEqualTo(work);
                }
                assertThat(event.end() - event.cycles()).isGreaterThanOrEqualTo(end);
                end = event.end();
            }
            assertThat(rowsWorked).as("all LDV").isLessThanOrEqualTo(rowBeats + rowTransfers);
            assertThat(end).isBetween(1L, cycles);
        }
    }

    @Test
    void theLastEventsAreKept() {
        Product product = Product.random(8, WeightFormat.INT2, 64, 64, 0, ROWS);
        List<Trace.Event> all;
        try (Device device = open(Machine.standard().withTrace(1024), 0)) {
            product.run(device);
            all = device.trace().events();
        }
        try (Device device = open(Machine.standard().withTrace(16), 0)) {
            product.run(device);
            Trace last = device.trace();
            assertThat(last.before()).isEqualTo(all.size() - 16);
            assertThat(last.events()).isEqualTo(all.subList(all.size() - 16, all.size()));
        }
    }

    private Device open(Machine machine, int stalls) {
        MemoryConfig memory = MemoryConfig.of(16 << 20, 40).withStalls(MemoryConfig.Stalls.uniform(3, stalls));
        return SimulatedDevice.open(machine, engine, memory).device();
    }

    private static List<Issued> issued(Program program, RunArguments arguments, Unit unit) {
        Control control = new Control(program.code(), arguments);
        List<Issued> issued = new ArrayList<>();
        for (Issued next = control.next(); next != null; next = control.next()) {
            if (next.unit() == unit) {
                issued.add(next);
            }
        }
        return issued;
    }

    /** Cycles by the instruction set: one to begin, then a beat or a slot each; of VEC slots alone. LDW only asks, a burst at a time. */
    private static long work(Machine machine, Issued issued) {
        Instruction instruction = issued.instruction();
        if (instruction instanceof Multiply mx) {
            return 1
                    + LutCoreCycles.product(
                            machine.engine().passes(mx.types().weights().bits()),
                            mx.kSteps(),
                            mx.gSteps(),
                            mx.blocks());
        }
        if (instruction instanceof Vector vec) {
            return VectorCycles.slots(machine.vector(), vec.pass());
        }
        if (issued.unit() == Unit.VEC) {
            return 0;
        }
        return issued.unit() == Unit.LDW ? bursts(machine, issued) : 1 + issued.beats();
    }

    private static long bursts(Machine machine, Issued issued) {
        int beat = machine.bus().beatBytes();
        long longest = (long) machine.bus().maxBurst() * beat;
        long bursts = 0;
        long address = issued.offset();
        long end = address + (long) issued.beats() * beat;
        while (address < end) {
            address = Math.min(Math.min(address + longest, (address / 4096 + 1) * 4096), end);
            bursts++;
        }
        return bursts;
    }
}
