// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

import dev.lutra.machine.Machine;
import dev.lutra.machine.SideEngine;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How full the rings of the side engine are in a run without data. How soon the entries of an LDE give the sums that the STE behind it takes, only data could tell: either all of its first
 * entries do, so that they may have to wait with the others behind them, or all of its last ones.
 */
final class SideRings {
    private final int ringBytes;
    private final int sumsBytes;
    private final int burst;
    private final boolean early;
    private final Deque<Portion> portions = new ArrayDeque<>();
    private long entries;
    private long sums;

    private static final class Portion {
        private long words;
        private long rows;

        Portion(long words, long rows) {
            this.words = words;
            this.rows = rows;
        }
    }

    SideRings(Machine machine, boolean early) {
        this.ringBytes = machine.side().ring();
        this.sumsBytes = machine.side().sums();
        this.burst = machine.bus().maxBurst() * machine.bus().beatBytes();
        this.early = early;
    }

    /** Entries begin to come, of so many rows. */
    void begin(long entryBytes, long sumBytes) {
        portions.add(new Portion(entryBytes / SideEngine.ENTRY_BYTES, sumBytes / SideEngine.SUM_BYTES));
    }

    boolean hasRoom(long bytes) {
        return ringBytes - entries >= bytes;
    }

    void fill(long bytes) {
        entries += bytes;
        work();
    }

    boolean rests() {
        return entries == 0;
    }

    /** Takes a burst of sums, of at most so many bytes, if all of it is there. */
    long take(long most) {
        work();
        long taken = Math.min(most, burst) <= sums ? Math.min(most, burst) : 0;
        sums -= taken;
        work();
        return taken;
    }

    private void work() {
        while (entries >= SideEngine.ENTRY_BYTES && !portions.isEmpty()) {
            Portion next = portions.element();
            boolean ends = next.rows > 0 && (early || next.words <= next.rows);
            if (ends && sumsBytes - sums < SideEngine.LATENCY * SideEngine.SUM_BYTES) {
                return;
            }
            entries -= SideEngine.ENTRY_BYTES;
            next.words--;
            if (ends) {
                next.rows--;
                sums += SideEngine.SUM_BYTES;
            }
            if (next.words == 0) {
                portions.remove();
            }
        }
    }
}
