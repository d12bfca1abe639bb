// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import static dev.lutra.machine.Register.Group.*;

import java.util.Arrays;
import java.util.List;

/**
 * Host registers of an accelerator, 32 bits each. This is their only declaration: the hardware, the driver, {@code machine.json},
 * the C header and the page of the manual come from it. Pairs LO/HI form 64 bits.
 */
public enum Register {
    CTRL(0x00, ControlBit.fields(), "control and state of a region"),
    GIE(0x04, CONTROL, 1, "enables the interrupt output"),
    IER(0x08, CONTROL, 1, "enables the interrupt on done"),
    ISR(0x0C, CONTROL, 1, RegisterAccess.WRITE_ONE_CLEARS, "interrupt pending; write 1 to clear"),
    ENTRY(0x10, ARGUMENT, 16, "instruction index to start at"),
    LAYER(0x14, ARGUMENT, 8, "layer, multiplies the layer stride of SETB"),
    LEN1(0x18, ARGUMENT, 16, "run-time length 1"),
    LEN2(0x1C, ARGUMENT, 16, "run-time length 2"),
    LEN3(0x20, ARGUMENT, 16, "run-time length 3"),
    WATCHDOG(0x24, ARGUMENT, 16, "units of 1024 cycles without progress before BUS_DEAD; 0 is off"),
    PROG_LO(0x28, ADDRESS_LOW, 32, "address of the program; writing it drops the program cache"),
    PROG_HI(0x2C, ADDRESS_HIGH, 32, "upper half of PROG"),
    BASE0_LO(0x30, ADDRESS_LOW, 32, "argument BASE0: weight image"),
    BASE0_HI(0x34, ADDRESS_HIGH, 32, "upper half of BASE0"),
    BASE1_LO(0x38, ADDRESS_LOW, 32, "argument BASE1: activations"),
    BASE1_HI(0x3C, ADDRESS_HIGH, 32, "upper half of BASE1"),
    BASE2_LO(0x40, ADDRESS_LOW, 32, "argument BASE2: outputs"),
    BASE2_HI(0x44, ADDRESS_HIGH, 32, "upper half of BASE2"),
    BASE3_LO(0x48, ADDRESS_LOW, 32, "argument BASE3"),
    BASE3_HI(0x4C, ADDRESS_HIGH, 32, "upper half of BASE3"),
    PROG_LEN(0x50, ARGUMENT, 16, "instructions of the program"),
    TRACE_COUNT(0x60, TRACE, 32, "ends of instructions in units since the start of the region; the last ones are kept"),
    TRACE_LOST(0x64, TRACE, 1, "some of them were not counted: too many in the same cycles"),
    TRACE_INDEX(
            0x68,
            TRACE,
            16,
            RegisterAccess.READ_WRITE,
            "which one the registers below show, modulo those that are kept"),
    TRACE_UNIT(0x6C, TRACE, 3, "its unit: LDA 0, LDW 1, MX 2, ST 3, VEC 4"),
    TRACE_END(0x70, TRACE, 32, "cycle of the region in which it ended"),
    TRACE_CYCLES(0x74, TRACE, 32, "cycles since it was the unit's next instruction"),
    TRACE_WAITED(0x78, TRACE, 32, "of these, cycles it waited for tokens"),
    TRACE_STALLED(
            0x7C, TRACE, 32, "of these, cycles it had begun and nothing moved; of LDW, cycles its ring had no room"),
    ID(0x80, IDENTITY, 32, "identity, \"LUTR\" in ASCII"),
    ISA_VERSION(0x84, IDENTITY, 32, "version of the instruction set"),
    FINGERPRINT_LO(0x88, IDENTITY, 32, "lower half of the machine's fingerprint"),
    FINGERPRINT_HI(0x8C, IDENTITY, 32, "upper half of the machine's fingerprint"),
    ERROR(0x90, STATUS, 4, "why the last region ended, see RunError"),
    ERROR_PC(0x94, STATUS, 16, "instruction index of the error"),
    STALL_VEC_LO(0x98, VECTOR_COUNTER, 32, "cycles VEC waited"),
    STALL_VEC_HI(0x9C, VECTOR_COUNTER, 32, "upper half of STALL_VEC"),
    CYCLES_LO(0xA0, COUNTER, 32, "cycles from start to done"),
    CYCLES_HI(0xA4, COUNTER, 32, "upper half of CYCLES"),
    BUSY_LDA_LO(0xA8, COUNTER, 32, "cycles LDA worked"),
    BUSY_LDA_HI(0xAC, COUNTER, 32, "upper half of BUSY_LDA"),
    BUSY_LDW_LO(0xB0, COUNTER, 32, "cycles LDW worked"),
    BUSY_LDW_HI(0xB4, COUNTER, 32, "upper half of BUSY_LDW"),
    BUSY_MX_LO(0xB8, COUNTER, 32, "compute cycles of MX"),
    BUSY_MX_HI(0xBC, COUNTER, 32, "upper half of BUSY_MX"),
    BUSY_ST_LO(0xC0, COUNTER, 32, "cycles ST worked"),
    BUSY_ST_HI(0xC4, COUNTER, 32, "upper half of BUSY_ST"),
    STALL_LDA_LO(0xC8, COUNTER, 32, "cycles LDA waited"),
    STALL_LDA_HI(0xCC, COUNTER, 32, "upper half of STALL_LDA"),
    STALL_LDW_LO(0xD0, COUNTER, 32, "cycles LDW waited"),
    STALL_LDW_HI(0xD4, COUNTER, 32, "upper half of STALL_LDW"),
    STALL_MX_LO(0xD8, COUNTER, 32, "cycles MX waited for weights, scales, tokens or output space"),
    STALL_MX_HI(0xDC, COUNTER, 32, "upper half of STALL_MX"),
    STALL_ST_LO(0xE0, COUNTER, 32, "cycles ST waited"),
    STALL_ST_HI(0xE4, COUNTER, 32, "upper half of STALL_ST"),
    BYTES_READ_LO(0xE8, COUNTER, 32, "bytes read from memory"),
    BYTES_READ_HI(0xEC, COUNTER, 32, "upper half of BYTES_READ"),
    BYTES_WRITTEN_LO(0xF0, COUNTER, 32, "bytes written to memory"),
    BYTES_WRITTEN_HI(0xF4, COUNTER, 32, "upper half of BYTES_WRITTEN"),
    BUSY_VEC_LO(0xF8, VECTOR_COUNTER, 32, "cycles in which VEC issued a row, or a step of a reduction"),
    BUSY_VEC_HI(0xFC, VECTOR_COUNTER, 32, "upper half of BUSY_VEC");

    /** What {@link #ID} reads: "LUTR". */
    public static final int ID_VALUE = 0x4C555452;

    /** Registers that differ between machines in the same way. */
    enum Group {
        CONTROL(RegisterAccess.READ_WRITE),
        /** Set before a start. Machines with local memory cannot read them back, to save logic. */
        ARGUMENT(RegisterAccess.READ_WRITE),
        /** An argument of up to 32 bits of a memory address. */
        ADDRESS_LOW(RegisterAccess.READ_WRITE),
        /** An argument of the bits beyond, where addresses are that wide. */
        ADDRESS_HIGH(RegisterAccess.READ_WRITE),
        IDENTITY(RegisterAccess.CONSTANT),
        STATUS(RegisterAccess.READ_ONLY),
        /** Only in machines with performance counters. */
        COUNTER(RegisterAccess.READ_ONLY),
        /** Only where there is a vector unit, too. */
        VECTOR_COUNTER(RegisterAccess.READ_ONLY),
        /** Only in machines with a trace. */
        TRACE(RegisterAccess.READ_ONLY);

        private final RegisterAccess access;

        Group(RegisterAccess access) {
            this.access = access;
        }
    }

    private final int offset;
    private final Group group;
    private final List<RegisterField> fields;
    private final String doc;

    Register(int offset, List<RegisterField> fields, String doc) {
        this.offset = offset;
        this.group = CONTROL;
        this.fields = fields;
        this.doc = doc;
    }

    Register(int offset, Group group, int width, RegisterAccess access, String doc) {
        this.offset = offset;
        this.group = group;
        this.fields = List.of(new RegisterField(name(), 0, width, access, doc));
        this.doc = doc;
    }

    Register(int offset, Group group, int width, String doc) {
        this(offset, group, width, group.access, doc);
    }

    /** Byte offset from the base of the register block. */
    public int offset() {
        return offset;
    }

    /** What it holds. */
    public String doc() {
        return doc;
    }

    /** Bits of a register that is a single field. */
    public int width() {
        return fields.get(fields.size() - 1).width();
    }

    /** Whether a machine has it. */
    public boolean isIn(Machine machine) {
        return switch (group) {
            case ADDRESS_HIGH -> machine.bus().addrBits() > 32;
            case COUNTER -> machine.counters();
            case VECTOR_COUNTER -> machine.counters() && machine.vector().exists();
            case TRACE -> machine.trace() > 0;
            default -> true;
        };
    }

    /** Its fields in a machine that has it. */
    public List<RegisterField> fields(Machine machine) {
        int addressBits = machine.bus().addrBits();
        return switch (group) {
            case ARGUMENT -> argument(machine, width());
            case ADDRESS_LOW -> argument(machine, Math.min(32, addressBits));
            case ADDRESS_HIGH -> argument(machine, addressBits - 32);
            default -> fields;
        };
    }

    private List<RegisterField> argument(Machine machine, int width) {
        boolean readable = machine.bus().kind() == Bus.Kind.AXI4;
        return List.of(new RegisterField(
                name(), 0, width, readable ? RegisterAccess.READ_WRITE : RegisterAccess.WRITE_ONLY, doc));
    }

    /** What it reads in a machine, of those that always read the same; 0 for the others. */
    public long constant(Machine machine) {
        return switch (this) {
            case ID -> Integer.toUnsignedLong(ID_VALUE);
            case ISA_VERSION -> Machine.ISA_VERSION;
            case FINGERPRINT_LO -> machine.fingerprint() & 0xFFFF_FFFFL;
            case FINGERPRINT_HI -> machine.fingerprint() >>> 32;
            default -> 0;
        };
    }

    /** The registers of a machine, by offset. */
    public static List<Register> of(Machine machine) {
        return Arrays.stream(values()).filter(r -> r.isIn(machine)).toList();
    }

    /** The upper half of a pair, of which this is the lower one. */
    public Register high() {
        return values()[ordinal() + 1];
    }

    /** Run-time length 1 to 3, counted from 0. */
    public static Register length(int index) {
        return values()[LEN1.ordinal() + index];
    }

    /** Lower half of argument BASE0 to BASE3. */
    public static Register base(int index) {
        return values()[BASE0_LO.ordinal() + 2 * index];
    }

    /** Lower half of a unit's count of busy cycles. */
    public static Register busy(Unit unit) {
        return unit == Unit.VEC ? BUSY_VEC_LO : values()[BUSY_LDA_LO.ordinal() + 2 * unit.ordinal()];
    }

    /** Lower half of a unit's count of stalled cycles. */
    public static Register stalled(Unit unit) {
        return unit == Unit.VEC ? STALL_VEC_LO : values()[STALL_LDA_LO.ordinal() + 2 * unit.ordinal()];
    }
}
