// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A slave of the serial peripheral interface, written from the timing diagrams of Motorola's "SPI Block Guide". It answers with random
 * words and insists on the times a master owes it.
 */
final class SpiSlave {
    private final int bits;
    private final int halfPeriod;
    private final boolean idle;
    private final boolean secondEdge;
    private final Random random;

    private boolean selected;
    private boolean clock;
    private long lastChange = Long.MIN_VALUE / 2;
    private int edges;
    private long answer;
    private long word;

    /** The line to the master. */
    boolean miso;

    /** Words that have come; a list for each selection. */
    final List<List<Long>> received = new ArrayList<>();

    /** Words sent for them, of all slaves. */
    private final List<Long> sent;

    SpiSlave(SpiMaster.Params p, Random random, List<Long> sent) {
        this.sent = sent;
        bits = p.bits();
        halfPeriod = p.divider();
        idle = p.mode() >= 2;
        secondEdge = p.mode() % 2 == 1;
        clock = idle;
        this.random = random;
    }

    /** What the lines are in a cycle. */
    void observe(long cycle, boolean select, boolean sclk, boolean mosi) {
        if (select != selected) {
            check(sclk == idle && clock == idle, "selection changes while the clock is not idle", cycle);
            check(edges == 0, "selection changes after " + edges + " edges of a word", cycle);
            waited(cycle);
            selected = select;
            if (select) {
                received.add(new ArrayList<>());
                begin();
            }
        } else if (sclk != clock) {
            clock = sclk;
            if (selected) {
                waited(cycle);
                edge(mosi);
            }
        }
        if (!selected) {
            miso = random.nextBoolean();
        }
    }

    private void begin() {
        answer = random.nextLong() >>> 64 - bits;
        if (!secondEdge) {
            miso = (answer >> bits - 1 & 1) == 1;
        }
    }

    private void edge(boolean mosi) {
        int bit = bits - 1 - edges / 2;
        boolean first = edges % 2 == 0;
        if (first == secondEdge) {
            int next = secondEdge ? bit : bit - 1;
            miso = next >= 0 && (answer >> next & 1) == 1;
        } else {
            word = word << 1 | (mosi ? 1 : 0);
        }
        edges++;
        if (edges == 2 * bits) {
            received.get(received.size() - 1).add(word);
            sent.add(answer);
            word = 0;
            edges = 0;
            begin();
        }
    }

    private void waited(long cycle) {
        check(cycle - lastChange >= halfPeriod, (cycle - lastChange) + " cycles after the last change", cycle);
        lastChange = cycle;
    }

    private static void check(boolean holds, String what, long cycle) {
        if (!holds) {
            throw new AssertionError(what + " in cycle " + cycle);
        }
    }
}
