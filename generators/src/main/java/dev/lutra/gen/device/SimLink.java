// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.hdl.Bool;
import dev.lutra.runtime.device.Link;
import dev.lutra.sim.AxiLiteMaster;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.MemoryConfig;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A simulated accelerator: registers over its AXI4-Lite port, memory in the simulator's AXI4 model. */
final class SimLink implements Link {

    private static final int RESET_CYCLES = 4;

    /** Cycles between two looks at the clock while waiting: a fraction of a second on the slowest engine. */
    private static final long SLICE_CYCLES = 2_000;

    private final String description;
    private final Simulator simulator;
    private final AxiMemory memory;
    private final AxiLiteMaster registers;
    private final Bool interrupt;

    /**
     * @param description of the simulator, for people
     * @param simulator runs the accelerator; closed with this link
     * @param interrupt the accelerator's interrupt output
     * @param config size and timing of the memory
     */
    SimLink(String description, Simulator simulator, Bool interrupt, MemoryConfig config) {
        this.description = description;
        this.simulator = simulator;
        this.interrupt = interrupt;
        memory = simulator.attachMemory("m_axi", config);
        registers = simulator.attachMmio("s_axi");
        simulator.reset(RESET_CYCLES);
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public int readRegister(int offset) {
        return registers.read(offset);
    }

    @Override
    public void writeRegister(int offset, int value) {
        registers.write(offset, value);
    }

    @Override
    public long memoryBytes() {
        return memory.config().bytes();
    }

    @Override
    public void readMemory(long address, ByteBuffer destination) {
        destination.put(memory.contents().slice(Math.toIntExact(address), destination.remaining()));
    }

    @Override
    public void writeMemory(long address, ByteBuffer source) {
        memory.contents().slice(Math.toIntExact(address), source.remaining()).put(source);
    }

    @Override
    public boolean awaitInterrupt(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        do {
            if (simulator.runUntil(interrupt, SLICE_CYCLES) >= 0) {
                return true;
            }
        } while (System.nanoTime() - deadline < 0);
        return false;
    }

    @Override
    public void reset() {
        simulator.reset(RESET_CYCLES);
    }

    /** Whether the interrupt output is high. */
    boolean isRaised() {
        return simulator.peekBool(interrupt);
    }

    /** The memory behind the accelerator. */
    AxiMemory memory() {
        return memory;
    }

    @Override
    public void close() {
        simulator.close();
    }
}
