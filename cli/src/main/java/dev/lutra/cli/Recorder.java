// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.hdl.ir.Port;
import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.AxiPorts;
import dev.lutra.sim.engine.Engine;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.Speech;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Runs another engine cycle by cycle and keeps what stands at some ports in each, since the last reset, as rows of a batch. */
final class Recorder implements Engine {
    private final Engine engine;
    private final int[] recorded;
    private final int[] words;
    private long[] rows = new long[1 << 16];
    private int length;

    Recorder(Engine engine, List<Port> ports, int[] recorded) {
        this.engine = engine;
        this.recorded = recorded;
        words = Arrays.stream(recorded)
                .map(port -> (ports.get(port).type().width() + 63) / 64)
                .toArray();
    }

    /** The rows, in native order. */
    ByteBuffer rows() {
        ByteBuffer bytes = ByteBuffer.allocate(8 * length).order(ByteOrder.nativeOrder());
        bytes.asLongBuffer().put(rows, 0, length);
        return bytes;
    }

    @Override
    public void step(long cycles) {
        for (long i = 0; i < cycles; i++) {
            for (int k = 0; k < recorded.length; k++) {
                long[] value = new long[words[k]];
                engine.peek(recorded[k], value);
                if (length + value.length > rows.length) {
                    rows = Arrays.copyOf(rows, 2 * rows.length);
                }
                System.arraycopy(value, 0, rows, length, value.length);
                length += value.length;
            }
            engine.step(1);
        }
    }

    @Override
    public long runUntil(int port, long maxCycles) {
        for (long done = 0; ; done++) {
            if (engine.peek(port) != 0) {
                return done;
            }
            if (done == maxCycles) {
                return -1;
            }
            step(1);
        }
    }

    @Override
    public void reset(int cycles) {
        engine.reset(cycles);
        length = 0;
    }

    @Override
    public void batch(int[] inputs, int[] outputs, long cycles, LongBuffer stimulus, LongBuffer response) {
        throw new UnsupportedOperationException("a batch is not recorded");
    }

    @Override
    public void poke(int port, long value) {
        engine.poke(port, value);
    }

    @Override
    public void poke(int port, long[] value) {
        engine.poke(port, value);
    }

    @Override
    public long peek(int port) {
        return engine.peek(port);
    }

    @Override
    public void peek(int port, long[] value) {
        engine.peek(port, value);
    }

    @Override
    public long cycle() {
        return engine.cycle();
    }

    @Override
    public void clock(int clock, long period, long phase) {
        engine.clock(clock, period, phase);
    }

    @Override
    public AxiMemory attachMemory(AxiPorts ports, MemoryConfig config) {
        return engine.attachMemory(ports, config);
    }

    @Override
    public void trace(Path vcd, long fromCycle, long toCycle) {
        engine.trace(vcd, fromCycle, toCycle);
    }

    @Override
    public Speech speech() {
        return engine.speech();
    }

    @Override
    public void close() {
        engine.close();
    }
}
