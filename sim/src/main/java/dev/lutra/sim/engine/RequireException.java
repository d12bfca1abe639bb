// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

/**
 * A property of the design was false: a {@code require} of the design, or an {@code assume} that the stimulus breaks. The
 * message has a line for each failure with cycle, place in the source, text and values.
 */
public final class RequireException extends SimulationException {
    private static final long serialVersionUID = 1;

    private final long cycle;

    RequireException(long cycle, String message) {
        super(message);
        this.cycle = cycle;
    }

    /** The cycle at whose edge it happened, numbered like {@link Engine#cycle}. */
    public long cycle() {
        return cycle;
    }
}
