// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import dev.lutra.sim.engine.SimulationException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Zeroed pages shared by the design's memory model and Java. They go back to the system when neither the buffer nor one made from it is
 * reachable, so a buffer kept beyond its simulation stays valid.
 *
 * @param contents little endian
 */
record MappedMemory(long address, ByteBuffer contents) {
    private static final Cleaner CLEANER = Cleaner.create();

    static MappedMemory of(long bytes) {
        long address = Shim.map(bytes);
        if (address == 0) {
            throw new SimulationException("no address space for a memory of " + bytes + " bytes");
        }
        ByteBuffer contents = Shim.buffer(address, bytes);
        CLEANER.register(contents, () -> Shim.unmap(address, bytes));
        return new MappedMemory(address, contents.order(ByteOrder.LITTLE_ENDIAN));
    }
}
