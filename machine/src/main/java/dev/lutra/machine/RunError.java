// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/** Values of the register ERROR; the ordinal is the value. */
public enum RunError {
    NONE("no error"),
    ILLEGAL_INSTRUCTION("illegal instruction"),
    ADDRESS_OUT_OF_RANGE("address out of range"),
    MEMORY_READ("the memory answered a read with an error"),
    MEMORY_WRITE("the memory answered a write with an error"),
    BUS_DEAD("the memory stopped answering"),
    TOKEN_IMBALANCE("a token counter was not at its preset at HALT"),
    ABORTED("aborted by the host"),
    LOOP_NESTING("loops nested too deeply or not balanced");

    private final String text;

    RunError(String text) {
        this.text = text;
    }

    /** The error in words. */
    public String text() {
        return text;
    }

    /** The error of a register value; values that do not exist are a defect of the device. */
    public static RunError of(int value) {
        if (value < 0 || value >= values().length) {
            throw new IllegalArgumentException("the device reports error %d, which does not exist".formatted(value));
        }
        return values()[value];
    }
}
