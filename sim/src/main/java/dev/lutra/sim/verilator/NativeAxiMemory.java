// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.MemoryFault;
import dev.lutra.sim.engine.MemoryStatistics;
import java.nio.ByteBuffer;

/** The Java side of a memory whose model runs in the shim ({@code lutra_axi.h}). */
final class NativeAxiMemory implements AxiMemory {
    private final VerilatorEngine engine;
    private final MemoryConfig config;
    private final ByteBuffer contents;
    private final long handle;

    NativeAxiMemory(VerilatorEngine engine, MemoryConfig config, MappedMemory memory, long handle) {
        this.engine = engine;
        this.config = config;
        this.contents = memory.contents();
        this.handle = handle;
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
        engine.whileOpen(() -> Shim.inject(
                handle,
                fault.kind().ordinal(),
                fault.from(),
                fault.to(),
                fault.reads() ? 1 : 0,
                fault.writes() ? 1 : 0,
                fault.first(),
                fault.times()));
    }

    @Override
    public void clearFaults() {
        engine.whileOpen(() -> Shim.clearFaults(handle));
    }

    @Override
    public MemoryStatistics statistics() {
        return engine.statistics(handle);
    }
}
