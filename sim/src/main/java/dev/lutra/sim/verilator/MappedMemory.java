// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import com.sun.jna.Memory;
import dev.lutra.sim.engine.SimulationException;
import java.lang.ref.Cleaner;

/**
 * Zeroed pages shared by the design's memory model and Java. They go back to the system when neither this object nor a
 * buffer made from it is reachable, so a buffer kept beyond its simulation stays valid.
 */
final class MappedMemory extends Memory {
    private static final Cleaner CLEANER = Cleaner.create();

    @SuppressWarnings("this-escape")
    MappedMemory(long bytes) {
        long address = Shim.lutra_map(bytes);
        if (address == 0) {
            throw new SimulationException("no address space for a memory of " + bytes + " bytes");
        }
        this.peer = address;
        this.size = bytes;
        CLEANER.register(this, () -> Shim.lutra_unmap(address, bytes));
    }

    long address() {
        return peer;
    }
}
