// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

/**
 * A simulation that cannot go on or was used wrongly: a protocol violation, a register access without an answer, a
 * missing tool, a value that does not fit. The message says what happened, when (cycle) and what to do.
 */
public sealed class SimulationException extends RuntimeException permits AxiViolation, RequireException, StopException {
    private static final long serialVersionUID = 1;

    public SimulationException(String message) {
        super(message);
    }

    public SimulationException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A wrong use of the simulator; the message begins with the user's file and line. */
    public static SimulationException misuse(String text) {
        return new SimulationException(Caller.place() + ": " + text);
    }
}
