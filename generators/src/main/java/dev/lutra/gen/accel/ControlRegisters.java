// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Register;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The host's registers, in the usual map of an accelerator kernel ({@link Register}).
 *
 * <p>Reading an offset without a register gives 0, writing it changes nothing.
 */
final class ControlRegisters extends Module {

    /**
     * @param addressBits width of a memory address
     * @param pcBits width of an instruction index
     * @param beatBytes bytes of a bus beat
     * @param fingerprint what {@link Register#FINGERPRINT_LO} and {@link Register#FINGERPRINT_HI} return
     * @param counters whether the performance counters exist
     * @param readback whether the region arguments can be read; they need a third of the logic here
     */
    record Params(int addressBits, int pcBits, int beatBytes, long fingerprint, boolean counters, boolean readback) {}

    final RegisterBus bus = in(new RegisterBus());
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

    private final Params p;
    private final Map<Register, UInt> readable = new EnumMap<>(Register.class);

    ControlRegisters(Params p) {
        super(p);
        this.p = p;
        doc("Host registers: control, region arguments, identity, error, counters.");
        doc("An offset without a register reads 0.");
        arguments = out(new RegionArguments(p.addressBits));
        errorPc = in(uint(p.pcBits));

        control();
        arguments();
        identity();
        counters = p.counters ? in(new CounterValues()) : null;
        if (counters != null) {
            counters(counters);
        }

        UInt answer = reg(uint(32));
        bus.readData.set(answer);
        when(bus.read, () -> {
            answer.set(0);
            var offsets = switchOn(bus.readOffset);
            readable.forEach((register, value) -> offsets.is(register.offset(), () -> answer.set(value.extend(32))));
            offsets.otherwise(() -> {});
        });
    }

    private void control() {
        Bool controls = bus.write.and(addresses(bus.writeOffset, Register.CTRL));
        start.set(controls.and(bus.writeData.bit(bitOf(Register.START))));
        abort.set(controls.and(bus.writeData.bit(bitOf(Register.ABORT))));

        Bool doneSeen = reg(bool()).init(false);
        Bool clears = bus.read.and(addresses(bus.readOffset, Register.CTRL));
        when(done, () -> doneSeen.set(true)).elseWhen(clears.or(start), () -> doneSeen.set(false));
        // start, done, idle, ready: a region is accepted and finished as a whole, so ready comes with done.
        readable.put(
                Register.CTRL, cat(doneSeen, running.not(), doneSeen, running).asUInt());

        Bool globalEnable = reg(bool()).init(false);
        Bool doneEnable = reg(bool()).init(false);
        Bool pending = reg(bool()).init(false);
        when(bus.write.and(addresses(bus.writeOffset, Register.GIE)), () -> globalEnable.set(bus.writeData.bit(0)));
        when(bus.write.and(addresses(bus.writeOffset, Register.IER)), () -> doneEnable.set(bus.writeData.bit(0)));
        when(done.and(doneEnable), () -> pending.set(true))
                .elseWhen(
                        bus.write.and(addresses(bus.writeOffset, Register.ISR)).and(bus.writeData.bit(0)),
                        () -> pending.set(pending.not()));
        readable.put(Register.GIE, globalEnable.asUInt());
        readable.put(Register.IER, doneEnable.asUInt());
        readable.put(Register.ISR, pending.asUInt());
        irq.set(globalEnable.and(pending));
    }

    private void arguments() {
        arguments.entry.set(register(Register.ENTRY, 16));
        arguments.layer.set(register(Register.LAYER, Sequencer.LAYER_BITS));
        Register[] lengths = {Register.LEN1, Register.LEN2, Register.LEN3};
        for (int i = 0; i < lengths.length; i++) {
            arguments.lengths.get(i).set(register(lengths[i], Sequencer.LENGTH_BITS));
        }
        arguments.watchdog.set(register(Register.WATCHDOG, RunControl.WATCHDOG_BITS));
        arguments.program.set(address(Register.PROG_LO, Register.PROG_HI));
        arguments.programLength.set(register(Register.PROG_LEN, 16));
        Register[] low = {Register.BASE0_LO, Register.BASE1_LO, Register.BASE2_LO, Register.BASE3_LO};
        Register[] high = {Register.BASE0_HI, Register.BASE1_HI, Register.BASE2_HI, Register.BASE3_HI};
        for (int i = 0; i < low.length; i++) {
            arguments.bases.get(i).set(address(low[i], high[i]));
        }
        programChanged.set(bus.write.and(addresses(bus.writeOffset, Register.PROG_LO)));
    }

    private void identity() {
        readable.put(Register.ID, lit(Integer.toUnsignedLong(Register.ID_VALUE), 32));
        readable.put(Register.ISA_VERSION, lit(Machine.ISA_VERSION, 32));
        readable.put(Register.FINGERPRINT_LO, lit(p.fingerprint & 0xFFFF_FFFFL, 32));
        readable.put(Register.FINGERPRINT_HI, lit(p.fingerprint >>> 32, 32));
        readable.put(Register.ERROR, error);
        readable.put(Register.ERROR_PC, errorPc);
    }

    private void counters(CounterValues values) {
        pair(Register.CYCLES_LO, Register.CYCLES_HI, values.cycles);
        Register[] busy = {Register.BUSY_LDA_LO, Register.BUSY_LDW_LO, Register.BUSY_MX_LO, Register.BUSY_ST_LO};
        Register[] busyHigh = {Register.BUSY_LDA_HI, Register.BUSY_LDW_HI, Register.BUSY_MX_HI, Register.BUSY_ST_HI};
        Register[] stall = {Register.STALL_LDA_LO, Register.STALL_LDW_LO, Register.STALL_MX_LO, Register.STALL_ST_LO};
        Register[] stallHigh = {Register.STALL_LDA_HI, Register.STALL_LDW_HI, Register.STALL_MX_HI, Register.STALL_ST_HI
        };
        for (int unit = 0; unit < busy.length; unit++) {
            pair(busy[unit], busyHigh[unit], values.busyCycles.get(unit));
            pair(stall[unit], stallHigh[unit], values.stalledCycles.get(unit));
        }
        int beatShift = Log2.exact(p.beatBytes);
        pair(Register.BYTES_READ_LO, Register.BYTES_READ_HI, values.beatsRead.shl(beatShift));
        pair(Register.BYTES_WRITTEN_LO, Register.BYTES_WRITTEN_HI, values.beatsWritten.shl(beatShift));
    }

    private void pair(Register low, Register high, UInt value) {
        readable.put(low, value.bits(31, 0));
        readable.put(high, value.bits(value.width() - 1, 32));
    }

    private UInt register(Register at, int bits) {
        UInt value = reg(uint(bits)).init(0);
        when(bus.write.and(addresses(bus.writeOffset, at)), () -> value.set(bus.writeData.truncate(bits)));
        if (p.readback) {
            readable.put(at, value);
        }
        return value;
    }

    private UInt address(Register low, Register high) {
        int lowBits = Math.min(32, p.addressBits);
        UInt lowPart = register(low, lowBits);
        if (p.addressBits <= 32) {
            return lowPart;
        }
        return cat(register(high, p.addressBits - 32), lowPart).asUInt();
    }

    private static Bool addresses(UInt offset, Register register) {
        return offset.eq(register.offset());
    }

    private static int bitOf(int mask) {
        return Log2.exact(mask);
    }
}
