// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.axi;

import dev.lutra.sim.engine.MemoryConfig;
import java.util.Arrays;

/** Rows and refresh of docs/sim/axi-memory.md. */
final class DramBanks {
    private static final long NO_ROW = -1;

    private final MemoryConfig.Dram timing;
    private final long[] open;
    private final long[] openAt;
    private long refreshedAt;

    DramBanks(MemoryConfig.Dram timing) {
        this.timing = timing;
        open = new long[timing.banks()];
        openAt = new long[timing.banks()];
        close();
    }

    /** As at first. */
    void close() {
        Arrays.fill(open, NO_ROW);
        Arrays.fill(openAt, 0);
        refreshedAt = 0;
    }

    /** Refreshes, and opens the row of the oldest burst of each bank. */
    void advance(long time, Iterable<Burst> reads) {
        if (time > 0 && time % timing.refreshInterval() == 0) {
            Arrays.fill(open, NO_ROW);
            refreshedAt = time + timing.refreshCycles();
        }
        if (time < refreshedAt) {
            return;
        }
        long seen = 0;
        for (Burst burst : reads) {
            int bank = bank(burst);
            if ((seen >>> bank & 1) == 0 && open[bank] != row(burst) && time >= openAt[bank]) {
                open[bank] = row(burst);
                openAt[bank] = time + timing.rowMiss();
            }
            seen |= 1L << bank;
        }
    }

    /** Whether the row of a burst can be read. */
    boolean serves(Burst burst, long time) {
        int bank = bank(burst);
        return time >= refreshedAt && open[bank] == row(burst) && time >= openAt[bank];
    }

    private int bank(Burst burst) {
        return (int) (burst.address / timing.rowBytes() & timing.banks() - 1);
    }

    private long row(Burst burst) {
        return burst.address / timing.rowBytes() / timing.banks();
    }
}
