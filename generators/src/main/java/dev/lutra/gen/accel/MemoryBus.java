// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Decoupled;
import org.jspecify.annotations.Nullable;

/** What the units and a memory port say to each other, as seen by the units; the protocol behind the port is its own. */
final class MemoryBus extends Bundle {

    /** No new burst may be issued. */
    final Bool hold = field(bool());

    final Decoupled<BurstSpan> program;
    final Decoupled<BurstSpan> activations;
    final Decoupled<BurstSpan> weights;

    /** The weight unit's request is for its scale stream. */
    final Bool weightsAreScales = field(bool());

    /** It is for the side engine; null without one. */
    final @Nullable Bool weightsAreEntries;

    final ReadData reply;

    /** The burst to write; it stays here until its last beat of data is accepted. */
    final Decoupled<BurstSpan> store;

    final Decoupled<WriteBeat> storeData;
    final MemoryEvents events = flipped(new MemoryEvents());

    MemoryBus(int addressBits, int beatBits, int maxBurst) {
        this(addressBits, beatBits, maxBurst, false);
    }

    /** @param side whether there is a side engine */
    MemoryBus(int addressBits, int beatBits, int maxBurst, boolean side) {
        weightsAreEntries = side ? field(bool()) : null;
        program = field(decoupled(new BurstSpan(addressBits, maxBurst)));
        activations = field(decoupled(new BurstSpan(addressBits, maxBurst)));
        weights = field(decoupled(new BurstSpan(addressBits, maxBurst)));
        reply = flipped(new ReadData(beatBits, side));
        store = field(decoupled(new BurstSpan(addressBits, maxBurst)));
        storeData = field(decoupled(new WriteBeat(beatBits)));
    }
}
