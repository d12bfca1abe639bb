// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.lib.stream.StreamArbiter;
import dev.lutra.hdl.lib.stream.StreamFifo;
import dev.lutra.machine.Unit;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the last events of a region for the host.
 *
 * <p>One event is written a cycle; each unit has a short queue in front of the memory. Units take longer than that for an instruction, but a burst
 * of SYNCs in all units at once may be too much: events are then lost, and {@link TraceValues#lost} says so.
 */
final class EventTrace extends Module {

    /**
     * @param events kept, a power of two
     * @param units that there are, in the order of {@link Unit}
     */
    record Params(int events, int units) {}

    private static final int QUEUED = 4;

    final Bool clear = in(bool());
    final Bool running = in(bool());
    final Vec<UnitActivity> units;

    /** Event to be read, counted from the start of the region. */
    final UInt index;

    final TraceValues values = out(new TraceValues());

    EventTrace(Params p) {
        super(p);
        doc("Keeps the last " + p.events
                + " ends of instructions of a region, with the cycles they waited and stalled.");
        units = in(vec(p.units, i -> new UnitActivity()));
        index = in(uint(Log2.exact(p.events)));

        UInt cycle = reg(uint(UnitEvent.CYCLE_BITS)).init(0);
        Bool lost = reg(bool()).init(false);
        var queues = new StreamArbiter<>(
                new UnitEvent(), new StreamArbiter.Params(p.units, StreamArbiter.Order.ROUND_ROBIN, false));
        List<Bool> overflows = new ArrayList<>();
        for (int unit = 0; unit < p.units; unit++) {
            var ended = named(new StreamFifo<>(new UnitEvent(), QUEUED), "queue" + unit);
            fill(ended, unit, units.get(unit), cycle);
            overflows.add(ended.put.valid.and(ended.put.ready.not()));
            queues.put.get(unit).set(ended.take);
        }
        when(running, () -> cycle.set(cycle.wrapAdd(1)));
        when(overflows.stream().reduce(Bool::or).orElseThrow(), () -> lost.set(true));

        UInt written = reg(uint(UnitEvent.CYCLE_BITS)).init(0);
        Memory<Bits> events = memory(bits(new UnitEvent().width()), p.events);
        queues.take.ready.set(true);
        when(queues.take.valid, () -> {
            events.write(written.bits(index.width() - 1, 0), queues.take.bits.asBits());
            written.set(written.wrapAdd(1));
        });
        values.event.set(unpack(events.read(index, lit(true)), new UnitEvent()));
        values.count.set(written);
        values.lost.set(lost);
        when(clear, () -> {
            cycle.set(0);
            written.set(0);
            lost.set(false);
        });
    }

    private void fill(StreamFifo<UnitEvent> queue, int unit, UnitActivity activity, UInt cycle) {
        queue.clear.set(clear);
        Bool ends = activity.ends;
        UnitEvent event = queue.put.bits;
        queue.put.valid.set(ends);
        event.unit.set(unit);
        event.end.set(cycle);
        event.cycles.set(since(ends, activity.has, "cycles" + unit));
        event.waited.set(since(ends, activity.waits, "waited" + unit));
        event.stalled.set(since(ends, activity.stalls, "stalled" + unit));
    }

    /** Cycles of a condition since the last end, this one included. */
    private UInt since(Bool ends, Bool condition, String name) {
        UInt before = named(reg(uint(UnitEvent.CYCLE_BITS)).init(0), name);
        UInt now = named(before.wrapAdd(condition.asUInt()), name + "Now");
        before.set(now);
        when(ends.or(clear), () -> before.set(0));
        return now;
    }
}
