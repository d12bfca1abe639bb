// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.RunError;

/** A program did what the hardware reports as an error, or what would leave it hanging. */
public final class RunFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RunError error;
    private final int pc;

    /**
     * @param error the register value the hardware would show; BUS_DEAD for a deadlock
     * @param pc index of the instruction, or -1
     */
    public RunFault(RunError error, int pc, String message) {
        super((pc < 0 ? "" : "instruction " + pc + ": ") + message);
        this.error = error;
        this.pc = pc;
    }

    public RunError error() {
        return error;
    }

    /** Index of the instruction, or -1 if it is none in particular. */
    public int pc() {
        return pc;
    }
}
