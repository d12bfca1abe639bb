// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** A region on its way. */
public final class Run {

    private final Future<Counters> future;
    private final AtomicBoolean cancelled;

    Run(Future<Counters> future, AtomicBoolean cancelled) {
        this.future = future;
        this.cancelled = cancelled;
    }

    /**
     * Waits for the end.
     *
     * @return the region's counters
     * @throws RegionException if it failed or ran out of time
     * @throws CancellationException if it was cancelled
     */
    public Counters await() throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(failure.getCause());
        }
    }

    /** Asks the accelerator to stop; {@link #await} then ends with a {@link CancellationException}. */
    public void cancel() {
        cancelled.set(true);
    }

    public boolean isDone() {
        return future.isDone();
    }
}
