// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

/** The design did something else than the bench expects. The message ends with the seed that shows it again. */
public final class BenchFailure extends AssertionError {
    private static final long serialVersionUID = 1;

    BenchFailure(String text, long seed) {
        super(text + "; " + Seeds.note(seed));
    }

    /** A difference in a test without random stimulus. */
    BenchFailure(String text) {
        super(text);
    }
}
