// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.MemoryFault;
import dev.lutra.sim.engine.MemoryStatistics;
import java.nio.ByteBuffer;

/** The Java side of a memory whose model runs in the simulator's process; the contents are a file that both map. */
final class IcarusMemory implements AxiMemory {
    private final IcarusEngine engine;
    private final MemoryConfig config;
    private final ByteBuffer contents;
    private final int number;

    IcarusMemory(IcarusEngine engine, MemoryConfig config, ByteBuffer contents, int number) {
        this.engine = engine;
        this.config = config;
        this.contents = contents;
        this.number = number;
    }

    @Override
    public MemoryConfig config() {
        return config;
    }

    @Override
    public ByteBuffer contents() {
        return contents;
    }

    @Override
    public void inject(MemoryFault fault) {
        engine.call(
                Operation.INJECT,
                link -> link.putInt(number)
                        .putInt(fault.kind().ordinal())
                        .putInt(fault.reads() ? 1 : 0)
                        .putInt(fault.writes() ? 1 : 0)
                        .putLong(fault.from())
                        .putLong(fault.to())
                        .putLong(fault.first())
                        .putLong(fault.times()));
    }

    @Override
    public void clearFaults() {
        engine.call(Operation.CLEAR_FAULTS, link -> link.putInt(number));
    }

    @Override
    public MemoryStatistics statistics() {
        var four =
                engine.call(Operation.STATISTICS, link -> link.putInt(number)).words();
        return new MemoryStatistics(four.get(0), four.get(1), four.get(2), four.get(3));
    }
}
