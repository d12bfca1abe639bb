// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.registers.RegisterBus;
import dev.lutra.hdl.lib.registers.RegisterFile;
import dev.lutra.hdl.lib.registers.StickyBits;
import dev.lutra.machine.ControlBit;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Register;
import dev.lutra.machine.Unit;
import org.jspecify.annotations.Nullable;

/**
 * What the host's registers mean to the accelerator: {@link Register} declares them, {@link RegisterFile} holds them.
 *
 * <p>Reading an offset without a register gives 0, writing it changes nothing.
 */
final class ControlRegisters extends Module {

    /**
     * @param machine decides which registers exist
     * @param pcBits width of an instruction index
     */
    record Params(Machine machine, int pcBits) {}

    final RegisterBus bus = in(new RegisterBus(HostRegisters.OFFSET_BITS));
    final Bool irq = out(bool());
    final Bool start = out(bool());
    final Bool abort = out(bool());
    final Bool programChanged = out(bool());
    final RegionArguments arguments;
    final Bool running = in(bool());
    final Bool done = in(bool());
    final UInt error = in(uint(RunControl.ERROR_BITS));
    final UInt errorPc;

    /** Null where the machine has no counters. */
    final @Nullable CounterValues counters;

    /** Null where the machine has no trace. */
    final @Nullable TraceValues trace;

    /** The event that the host looks at; null where the machine has no trace. */
    final @Nullable UInt traceIndex;

    private final Machine machine;
    private final RegisterFile file;

    ControlRegisters(Params p) {
        super(p);
        doc("Host registers: control, region arguments, identity, error, counters.");
        machine = p.machine;
        arguments = out(new RegionArguments(machine.bus().addrBits()));
        errorPc = in(uint(p.pcBits));
        file = new RegisterFile(HostRegisters.of(machine));
        file.bus.set(bus);

        control();
        arguments();
        field(Register.ERROR).set(error);
        field(Register.ERROR_PC).set(errorPc);
        counters = machine.counters() ? in(new CounterValues(Unit.of(machine).size())) : null;
        if (counters != null) {
            counters(counters);
        }
        trace = machine.trace() > 0 ? in(new TraceValues()) : null;
        traceIndex = machine.trace() > 0 ? out(uint(Register.TRACE_INDEX.width())) : null;
        if (trace != null && traceIndex != null) {
            trace(trace);
            traceIndex.set(field(Register.TRACE_INDEX));
        }
    }

    private void control() {
        start.set(bit(ControlBit.START).asBool());
        abort.set(bit(ControlBit.ABORT).asBool());
        // A region is accepted and finished as a whole, so ready comes with done.
        StickyBits doneSeen =
                file.sticky(HostRegisters.of(Register.CTRL, machine), HostRegisters.of(ControlBit.DONE.field(), 0));
        doneSeen.set.set(done.asUInt());
        doneSeen.clear.set(start.asUInt());
        bit(ControlBit.RUNNING).set(running.asUInt());
        bit(ControlBit.IDLE).set(running.not().asUInt());
        bit(ControlBit.READY).set(doneSeen.value);

        StickyBits pending = file.sticky(HostRegisters.of(Register.ISR, machine));
        pending.set.set(done.asUInt().and(field(Register.IER)));
        pending.clear.set(0);
        irq.set(field(Register.GIE).and(pending.value).asBool());
    }

    private void arguments() {
        arguments.entry.set(field(Register.ENTRY));
        arguments.layer.set(field(Register.LAYER));
        for (int i = 0; i < arguments.lengths.size(); i++) {
            arguments.lengths.get(i).set(field(Register.length(i)));
        }
        arguments.watchdog.set(field(Register.WATCHDOG));
        arguments.program.set(address(Register.PROG_LO));
        arguments.programLength.set(field(Register.PROG_LEN));
        for (int i = 0; i < arguments.bases.size(); i++) {
            arguments.bases.get(i).set(address(Register.base(i)));
        }
        programChanged.set(file.written(HostRegisters.of(Register.PROG_LO, machine)));
    }

    private void counters(CounterValues values) {
        counter(Register.CYCLES_LO, values.cycles);
        for (Unit unit : Unit.of(machine)) {
            counter(Register.busy(unit), values.busyCycles.get(unit.ordinal()));
            counter(Register.stalled(unit), values.stalledCycles.get(unit.ordinal()));
        }
        int beatShift = Log2.exact(machine.bus().beatBytes());
        counter(Register.BYTES_READ_LO, values.beatsRead.shl(beatShift));
        counter(Register.BYTES_WRITTEN_LO, values.beatsWritten.shl(beatShift));
    }

    private void trace(TraceValues values) {
        field(Register.TRACE_COUNT).set(values.count);
        field(Register.TRACE_LOST).set(values.lost.asUInt());
        field(Register.TRACE_UNIT).set(values.event.unit);
        field(Register.TRACE_END).set(values.event.end);
        field(Register.TRACE_CYCLES).set(values.event.cycles);
        field(Register.TRACE_WAITED).set(values.event.waited);
        field(Register.TRACE_STALLED).set(values.event.stalled);
    }

    private void counter(Register low, UInt value) {
        field(low).set(value.bits(31, 0));
        field(low.high()).set(value.bits(value.width() - 1, 32));
    }

    private UInt address(Register low) {
        UInt lowPart = field(low);
        return low.high().isIn(machine) ? cat(field(low.high()), lowPart).asUInt() : lowPart;
    }

    private UInt field(Register register) {
        return file.field(HostRegisters.of(register, machine));
    }

    private UInt bit(ControlBit bit) {
        return file.field(HostRegisters.of(Register.CTRL, machine), HostRegisters.of(bit.field(), 0));
    }
}
