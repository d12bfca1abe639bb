// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

import java.nio.ByteBuffer;

/** An AXI4 memory attached to a simulated design; the algorithm is docs/sim/axi-memory.md. */
public interface AxiMemory {

    MemoryConfig config();

    /**
     * The contents: a direct little-endian buffer of {@code config().bytes()} bytes, shared with the engine. The host may
     * read and write it between calls of the simulator. Byte 0 is address 0 of the design.
     */
    ByteBuffer contents();

    /** Adds a fault; counting of matching bursts starts now. */
    void inject(MemoryFault fault);

    /** Drops all faults. A memory that hangs answers again. */
    void clearFaults();

    /** Totals since the memory was attached or last reset. */
    MemoryStatistics statistics();
}
