// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

/**
 * The design ended the simulation by {@code stop}. It may be stepped on.
 */
public final class StopException extends SimulationException {
    private static final long serialVersionUID = 1;

    private final long cycle;

    StopException(long cycle, String message) {
        super(message);
        this.cycle = cycle;
    }

    /** The cycle at whose edge it happened, numbered like {@link Engine#cycle}. */
    public long cycle() {
        return cycle;
    }
}
