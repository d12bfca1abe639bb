// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.session;

import dev.lutra.machine.Instruction.Next;
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.Unit;
import dev.lutra.map.exec.Control;
import dev.lutra.map.exec.Issued;
import dev.lutra.map.exec.RunArguments;
import dev.lutra.map.plan.Ceiling;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.runtime.device.Counters;
import dev.lutra.runtime.device.Trace;
import dev.lutra.runtime.linear.RegionRun;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A region that ran, with what its instructions did: of steps one alone.
 *
 * @param run the region, with its counters
 * @param ceiling what no schedule could have beaten
 * @param bars the instructions that the hardware still knew, unit by unit in the order of execution
 * @param before instructions before these
 */
public record TracedRegion(RegionRun run, Ceiling ceiling, List<Bar> bars, long before) {

    /** Where events are missing, an event cannot be told from another instruction's. */
    public static final int UNKNOWN = -1;

    /** No address matters here, and after the last step nothing is left to end. */
    private static final int ANY_TOKEN = 0;

    public TracedRegion {
        bars = List.copyOf(bars);
    }

    /**
     * An instruction in a unit.
     *
     * @param pc its index in the program, or {@link #UNKNOWN}
     * @param bytes that it moved between memory and chip; 0 if unknown
     */
    public record Bar(Trace.Event event, int pc, long bytes) {}

    /** Cycles from start to done; up to the last event where the machine has no counters. */
    public long cycles() {
        Counters counters = run.counters();
        long last = bars.stream().mapToLong(bar -> bar.event().end() + 1).max().orElse(0);
        return Math.max(counters.cycles(), last);
    }

    static TracedRegion of(MappedProgram program, RegionRun run, Trace trace) {
        Machine machine = program.machine();
        Map<Unit, List<Issued>> issued = issued(program, run);
        List<Bar> bars = new ArrayList<>();
        for (Unit unit : Unit.values()) {
            List<Issued> all = issued.getOrDefault(unit, List.of());
            List<Trace.Event> events = trace.of(unit);
            boolean known = !trace.lost() && events.size() <= all.size();
            int first = all.size() - events.size();
            for (int i = 0; i < events.size(); i++) {
                bars.add(known ? bar(machine, events.get(i), all.get(first + i)) : new Bar(events.get(i), UNKNOWN, 0));
            }
        }
        Ceiling ceiling = program.ceiling(run.region(), run.length());
        return new TracedRegion(run, ceiling, bars, trace.before());
    }

    private static Bar bar(Machine machine, Trace.Event event, Issued issued) {
        boolean computes = issued.unit() == Unit.MX || issued.unit() == Unit.VEC;
        boolean moves = !computes && !(issued.instruction() instanceof Sync);
        long beats = moves ? issued.beats() : 0;
        return new Bar(event, issued.pc(), beats * machine.bus().beatBytes());
    }

    /** What CTL sent to each unit. */
    private static Map<Unit, List<Issued>> issued(MappedProgram program, RegionRun run) {
        Program.Region region = program.program().region(run.region());
        int m = program.machine().engine().m();
        RunArguments arguments = region.isStep()
                ? RunArguments.steps(region.entry(), run.length(), run.steps(), 0, 0, 0, 0, 0)
                : RunArguments.region(region.entry(), run.layer(), (run.length() + m - 1) / m, 0, 0, 0);
        Control control = new Control(program.program().code(), arguments);
        Map<Unit, List<Issued>> issued = new EnumMap<>(Unit.class);
        for (Issued next = control.next(); next != null; next = control.next()) {
            if (next.instruction() instanceof Next) {
                control.goOn(ANY_TOKEN);
            } else {
                issued.computeIfAbsent(next.unit(), unit -> new ArrayList<>()).add(next);
            }
        }
        return issued;
    }
}
