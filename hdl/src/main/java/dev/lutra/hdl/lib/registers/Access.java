// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.registers;

/** What software may do with a field of a register, and what comes of it. */
public enum Access {
    /** Software writes it and reads it back. */
    READ_WRITE("RW", true, true, "read and write"),

    /** Software writes it; it reads 0. */
    WRITE_ONLY("WO", false, true, "write only, reads 0"),

    /** Software reads what the hardware gives; writing does nothing. */
    READ_ONLY("RO", true, false, "read only"),

    /** Reads its reset value, always. */
    CONSTANT("RO", true, false, "read only"),

    /** Writing 1 makes the hardware's signal true for one cycle; it reads 0. */
    PULSE("W1P", false, true, "writing 1 acts once, reads 0"),

    /** Set by hardware; writing 1 clears it. Where both happen at once it is set. */
    WRITE_ONE_CLEARS("W1C", true, true, "set by hardware, writing 1 clears"),

    /** Set by hardware; reading clears it. Where both happen at once it is set. */
    READ_CLEARS("RC", true, false, "set by hardware, reading clears");

    private final String shortName;
    private final boolean readable;
    private final boolean writable;
    private final String text;

    Access(String shortName, boolean readable, boolean writable, String text) {
        this.shortName = shortName;
        this.readable = readable;
        this.writable = writable;
        this.text = text;
    }

    /** The usual abbreviation. */
    public String shortName() {
        return shortName;
    }

    /** In words. */
    public String text() {
        return text;
    }

    /** Whether reading the register gives the field. */
    public boolean readable() {
        return readable;
    }

    /** Whether writing the register does something to the field. */
    public boolean writable() {
        return writable;
    }

    /** Whether the hardware sets its bits and software clears them. */
    public boolean sticky() {
        return this == WRITE_ONE_CLEARS || this == READ_CLEARS;
    }
}
