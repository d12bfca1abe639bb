// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.sim.Simulator;
import java.util.ArrayList;
import java.util.List;

/** Takes items from a stream and checks that what is offered is held until it is taken. */
final class StreamSink {
    private final Simulator sim;
    private final Decoupled<? extends Data> stream;
    private final boolean held;

    /** What was taken so far. */
    final List<Long> taken = new ArrayList<>();

    private boolean ready;
    private boolean waited;
    private long waitingItem;

    /** @param held whether the stream must hold its offers */
    StreamSink(Simulator sim, Decoupled<? extends Data> stream, boolean held) {
        this.sim = sim;
        this.stream = stream;
        this.held = held;
    }

    /** Begins a cycle. */
    void drive(boolean ready) {
        this.ready = ready;
        sim.poke(stream.ready, ready);
    }

    /** Ends a cycle in which everything is driven; whether an item was taken. */
    boolean finish(String where) {
        boolean offered = sim.peekBool(stream.valid);
        long item = offered ? sim.peek(stream.bits) : 0;
        if (held && waited) {
            assertThat(offered).as(where + ": the offer is withdrawn").isTrue();
            assertThat(item).as(where + ": the offer changes").isEqualTo(waitingItem);
        }
        waited = offered && !ready;
        waitingItem = item;
        if (offered && ready) {
            taken.add(item);
        }
        return offered && ready;
    }
}
