// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/** Host registers of an accelerator (AXI4-Lite, 32 bits each) and their byte offsets. Pairs LO/HI form 64 bits. */
public enum Register {
    CTRL(0x00, "bit 0 start, 1 done (cleared by reading), 2 idle, 3 ready, 8 abort"),
    GIE(0x04, "bit 0 enables the interrupt output"),
    IER(0x08, "bit 0 enables the interrupt on done"),
    ISR(0x0C, "bit 0 interrupt pending; write 1 to clear"),
    ENTRY(0x10, "instruction index to start at"),
    LAYER(0x14, "layer, multiplies the layer stride of SETB"),
    LEN1(0x18, "run-time length 1"),
    LEN2(0x1C, "run-time length 2"),
    LEN3(0x20, "run-time length 3"),
    WATCHDOG(0x24, "units of 1024 cycles without progress before BUS_DEAD; 0 is off"),
    PROG_LO(0x28, "address of the program; writing it drops the program cache"),
    PROG_HI(0x2C, "upper half of PROG"),
    BASE0_LO(0x30, "argument BASE0: weight image"),
    BASE0_HI(0x34, "upper half of BASE0"),
    BASE1_LO(0x38, "argument BASE1: activations"),
    BASE1_HI(0x3C, "upper half of BASE1"),
    BASE2_LO(0x40, "argument BASE2: outputs"),
    BASE2_HI(0x44, "upper half of BASE2"),
    BASE3_LO(0x48, "argument BASE3"),
    BASE3_HI(0x4C, "upper half of BASE3"),
    PROG_LEN(0x50, "instructions of the program"),
    ID(0x80, "0x4C555452"),
    ISA_VERSION(0x84, "version of the instruction set"),
    FINGERPRINT_LO(0x88, "lower half of the machine's fingerprint"),
    FINGERPRINT_HI(0x8C, "upper half of the machine's fingerprint"),
    ERROR(0x90, "why the last region ended, see RunError"),
    ERROR_PC(0x94, "instruction index of the error"),
    CYCLES_LO(0xA0, "cycles from start to done"),
    CYCLES_HI(0xA4, "upper half of CYCLES"),
    BUSY_LDA_LO(0xA8, "cycles LDA worked"),
    BUSY_LDA_HI(0xAC, "upper half of BUSY_LDA"),
    BUSY_LDW_LO(0xB0, "cycles LDW worked"),
    BUSY_LDW_HI(0xB4, "upper half of BUSY_LDW"),
    BUSY_MX_LO(0xB8, "compute cycles of MX"),
    BUSY_MX_HI(0xBC, "upper half of BUSY_MX"),
    BUSY_ST_LO(0xC0, "cycles ST worked"),
    BUSY_ST_HI(0xC4, "upper half of BUSY_ST"),
    STALL_LDA_LO(0xC8, "cycles LDA waited"),
    STALL_LDA_HI(0xCC, "upper half of STALL_LDA"),
    STALL_LDW_LO(0xD0, "cycles LDW waited"),
    STALL_LDW_HI(0xD4, "upper half of STALL_LDW"),
    STALL_MX_LO(0xD8, "cycles MX waited for weights, scales, tokens or output space"),
    STALL_MX_HI(0xDC, "upper half of STALL_MX"),
    STALL_ST_LO(0xE0, "cycles ST waited"),
    STALL_ST_HI(0xE4, "upper half of STALL_ST"),
    BYTES_READ_LO(0xE8, "bytes read from memory"),
    BYTES_READ_HI(0xEC, "upper half of BYTES_READ"),
    BYTES_WRITTEN_LO(0xF0, "bytes written to memory"),
    BYTES_WRITTEN_HI(0xF4, "upper half of BYTES_WRITTEN");

    /** What {@link #ID} reads: "LUTR". */
    public static final int ID_VALUE = 0x4C555452;

    /** Bit of CTRL that starts a region. */
    public static final int START = 1;
    /** Bit of CTRL set when a region has ended; cleared by reading. */
    public static final int DONE = 1 << 1;
    /** Bit of CTRL set while nothing runs. */
    public static final int IDLE = 1 << 2;
    /** Bit of CTRL set when a start is accepted. */
    public static final int READY = 1 << 3;
    /** Bit of CTRL that ends a region early. */
    public static final int ABORT = 1 << 8;

    private final int offset;
    private final String doc;

    Register(int offset, String doc) {
        this.offset = offset;
        this.doc = doc;
    }

    /** Byte offset from the base of the register block. */
    public int offset() {
        return offset;
    }

    /** What it holds. */
    public String doc() {
        return doc;
    }
}
