// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What came back of a request.
 *
 * @param event bits as in {@code lutra_model.h} and {@code lutra_vpi.cc}
 * @param done cycles that the request ran
 * @param cycle cycles since the simulation was opened
 * @param text what the design printed, or why the request was refused
 * @param words values
 * @param unknown their bits that are neither 0 nor 1; null: none
 */
record Answer(
        int event,
        long done,
        long cycle,
        Violation violation,
        String text,
        LongBuffer words,
        @Nullable LongBuffer unknown) {

    static final int FINISH = 1;
    static final int STOP = 2;
    static final int BUS = 16;
    static final int PRINT = 32;
    static final int UNKNOWN = 64;
    static final int HANG = 128;
    static final int REFUSED = 256;

    /** A rule broken before a memory, or with {@link #UNKNOWN} a signal of it in place of the channel. */
    record Violation(int bus, int rule, int channel, long address, long id) {}
}
