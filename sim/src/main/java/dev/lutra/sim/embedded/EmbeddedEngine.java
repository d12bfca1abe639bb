// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.sim.axi.AxiSignals;
import dev.lutra.sim.axi.MemoryModel;
import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.AxiPorts;
import dev.lutra.sim.engine.Boxes;
import dev.lutra.sim.engine.Clocks;
import dev.lutra.sim.engine.Engine;
import dev.lutra.sim.engine.Feed;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.engine.Speech;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A simulation in JVM byte code. The class of a design is generated when it is opened and goes with the engine.
 *
 * <p>{@link #close} may be called by any thread and stops a call that is running.
 */
public final class EmbeddedEngine implements Engine {
    private static final int SETTLE_LIMIT = 100;
    /** Words of stimulus and response that a batch copies at a time. */
    private static final int BATCH_WORDS = 4096;

    private final Circuit circuit;
    private final List<Attached> memories = new ArrayList<>();
    private CompiledDesign compiled;
    private final Speech speech = new Speech();
    private final Clocks clocks;
    private final boolean oneClock;
    private final boolean[] resetLevels;
    private PortAccess ports;
    private boolean dirty = true;
    private long cycle;
    private volatile boolean closed;
    private @Nullable Window toTrace;
    private @Nullable VcdTrace trace;
    private @Nullable Mover mover;

    /** Code for rows of ports. */
    private record Mover(int[] inputs, int[] outputs, Rows rows) {
        boolean moves(int[] in, int[] out) {
            boolean same = in == inputs && out == outputs;
            return same || Arrays.equals(in, inputs) && Arrays.equals(out, outputs);
        }
    }

    /** Cycles to trace. */
    private record Window(Path file, long from, long to) {}

    private static final class Attached {
        final MemoryModel model;
        final AxiPorts numbers;
        final AxiSignals wires;
        AxiPins pins;

        Attached(MemoryModel model, AxiPorts numbers, AxiSignals wires, PortAccess ports) {
            this.model = model;
            this.numbers = numbers;
            this.wires = wires;
            this.pins = new AxiPins(ports, numbers, wires);
        }
    }

    private EmbeddedEngine(Circuit circuit) {
        this.circuit = circuit;
        compiled = Compiler.compile(Flattener.flatten(circuit, false));
        ports = new PortAccess(circuit, compiled);
        clocks = new Clocks(Clocks.of(circuit.top()).size());
        oneClock = compiled.design().clocks().isEmpty();
        resetLevels = new boolean[compiled.design().resets().size()];
    }

    /**
     * Opens a simulation of a circuit that passed the checks.
     *
     * @throws SimulationException if it has a black box without a model, or one that makes a clock
     */
    public static EmbeddedEngine open(Circuit circuit) {
        Boxes.check(circuit, false);
        return new EmbeddedEngine(circuit);
    }

    @Override
    public void poke(int port, long value) {
        live();
        ports.set(port, value);
        dirty = true;
    }

    @Override
    public void poke(int port, long[] words) {
        live();
        ports.set(port, words);
        dirty = true;
    }

    @Override
    public long peek(int port) {
        live();
        settle();
        return ports.get(port);
    }

    @Override
    public void peek(int port, long[] words) {
        live();
        settle();
        ports.get(port, words);
    }

    @Override
    public void reset(int cycles) {
        live();
        for (Attached memory : memories) {
            memory.model.idle();
            memory.pins.toDesign();
        }
        if (circuit.top().reset().asynchronous()) {
            compiled.reset();
        }
        dirty = true;
        for (int i = 0; i < cycles; i++) {
            live();
            settle();
            edge(true);
        }
        drive();
    }

    @Override
    public void step(long cycles) {
        for (long i = 0; i < cycles; i++) {
            live();
            settle();
            edge(false);
        }
    }

    @Override
    public long runUntil(int port, long maxCycles) {
        for (long i = 0; ; i++) {
            live();
            settle();
            if (ports.get(port) != 0) {
                return i;
            }
            if (i == maxCycles) {
                return -1;
            }
            edge(false);
        }
    }

    @Override
    public void batch(int[] inputs, int[] outputs, long cycles, LongBuffer stimulus, LongBuffer response) {
        batch(inputs, outputs, cycles, stimulus, response, List.of());
    }

    @Override
    public void batch(
            int[] inputs,
            int[] outputs,
            long cycles,
            LongBuffer stimulus,
            int stimulusWords,
            LongBuffer response,
            int responseWords,
            List<Feed> feeds) {
        batch(inputs, outputs, cycles, stimulus, response, feeds);
    }

    private void batch(
            int[] inputs, int[] outputs, long cycles, LongBuffer stimulus, LongBuffer response, List<Feed> feeds) {
        int inWords = words(inputs);
        int outWords = words(outputs);
        int rows = Math.max(1, BATCH_WORDS / Math.max(1, inWords + outWords));
        long[] in = new long[(int) Math.min(cycles, rows) * inWords];
        long[] out = new long[(int) Math.min(cycles, rows) * outWords];
        LongBuffer inRows = LongBuffer.wrap(in);
        LongBuffer outRows = LongBuffer.wrap(out);
        Feed[] fed = feeds.toArray(new Feed[0]);
        for (long from = 0; from < cycles; from += rows) {
            int count = (int) Math.min(rows, cycles - from);
            stimulus.get(stimulus.position() + (int) from * inWords, in, 0, count * inWords);
            int settled = 0;
            try {
                for (int i = 0; i < count; i++) {
                    live();
                    Rows mover = rows(inputs, outputs);
                    for (Feed feed : fed) {
                        feed.begin(inRows, i * inWords);
                    }
                    mover.take(in, i * inWords);
                    dirty = true;
                    settle();
                    mover.give(out, i * outWords);
                    settled++;
                    // Before the edge, at which the design may stop: it is taken even then.
                    for (Feed feed : fed) {
                        feed.end(outRows, i * outWords);
                    }
                    edge(false);
                }
            } finally {
                response.put(response.position() + (int) from * outWords, out, 0, settled * outWords);
                if (fed.length > 0) {
                    stimulus.put(stimulus.position() + (int) from * inWords, in, 0, settled * inWords);
                }
            }
        }
    }

    private int words(int[] numbers) {
        int words = 0;
        for (int port : numbers) {
            words += ports.words(port);
        }
        return words;
    }

    /** The code that moves rows of these ports. */
    private Rows rows(int[] inputs, int[] outputs) {
        Mover last = mover;
        if (last == null || !last.moves(inputs, outputs)) {
            last = new Mover(
                    inputs, outputs, RowCompiler.compile(compiled, ports.values(inputs), ports.values(outputs)));
            mover = last;
        }
        return last.rows;
    }

    @Override
    public long cycle() {
        return cycle;
    }

    @Override
    public void clock(int clock, long period, long phase) {
        live();
        clocks.set(clock, period, phase);
    }

    @Override
    public AxiMemory attachMemory(AxiPorts numbers, MemoryConfig config) {
        live();
        var wires = new AxiSignals(numbers.dataBytes());
        var memory = new Attached(new MemoryModel(config, wires, numbers.prefix()), numbers, wires, ports);
        memories.add(memory);
        memory.model.idle();
        memory.model.drive();
        memory.pins.toDesign();
        dirty = true;
        return memory.model;
    }

    @Override
    public void trace(Path vcd, long fromCycle, long toCycle) {
        live();
        if (toTrace != null) {
            throw new SimulationException("this simulation has a trace already");
        }
        toTrace = new Window(vcd, fromCycle, toCycle);
    }

    @Override
    public Speech speech() {
        return speech;
    }

    @Override
    public void close() {
        closed = true;
        VcdTrace open = trace;
        if (open != null) {
            open.close();
        }
    }

    private void live() {
        if (closed) {
            throw new SimulationException("the simulation of " + circuit.top().name() + " is closed");
        }
    }

    private void settle() {
        if (dirty) {
            compiled.settle();
            dirty = false;
            for (int i = 0; resetLevels.length > 0 && resetsAct(); i++) {
                if (i == SETTLE_LIMIT) {
                    throw new SimulationException(
                            circuit.top().name() + " does not settle: a register resets itself over and over");
                }
                compiled.settle();
            }
        }
    }

    /** Lets asynchronous resets act whose level has just become active; whether one has. */
    private boolean resetsAct() {
        boolean acted = false;
        for (int i = 0; i < resetLevels.length; i++) {
            var reset = compiled.design().resets().get(i);
            boolean level = compiled.level(reset);
            if (level != resetLevels[i] && level != reset.activeLow()) {
                compiled.reset(reset);
                acted = true;
            }
            resetLevels[i] = level;
        }
        return acted;
    }

    /** Whether there is one clock and nothing to serve at an edge but the design. */
    private boolean plain() {
        return toTrace == null && memories.isEmpty() && oneClock;
    }

    /** The rest of a cycle whose design has settled. */
    private void edge(boolean inReset) {
        if (!inReset && plain() && !compiled.speaks()) {
            compiled.edge();
            dirty = true;
            cycle++;
            return;
        }
        var said = new ArrayList<String>();
        long rising = clocks.advance();
        if (!compiled.design().clocks().isEmpty()) {
            for (; (rising & 1) == 0; rising = clocks.advance()) {
                edge(rising, inReset, said);
                settle();
            }
        }
        record(0, inReset);
        if (!inReset) {
            for (Attached memory : memories) {
                memory.pins.fromDesign();
                memory.model.sample(cycle);
            }
        }
        edge(rising, inReset, said);
        record(rising, inReset);
        cycle++;
        endTrace();
        if (!inReset) {
            drive();
        }
        if (!said.isEmpty()) {
            speech.hear(cycle - 1, said);
        }
    }

    /** An edge of some clocks. */
    private void edge(long rising, boolean inReset, List<String> said) {
        rise(rising);
        if (compiled.speaks()) {
            said.addAll(new Speaker(compiled).lines(inReset));
        }
        if (inReset && (rising & 1) != 0) {
            compiled.edgeInReset();
        } else {
            compiled.edge();
        }
        dirty = true;
    }

    private void rise(long rising) {
        if (!compiled.design().clocks().isEmpty()) {
            compiled.rise(rising);
            compiled.settle();
        }
    }

    private void drive() {
        for (Attached memory : memories) {
            memory.model.drive();
            memory.pins.toDesign();
            dirty = true;
        }
    }

    /** @param risen the clocks that have risen, 0 before the edge */
    private void record(long risen, boolean inReset) {
        if (toTrace == null || cycle < toTrace.from) {
            return;
        }
        if (trace == null) {
            if (cycle >= toTrace.to || risen != 0) {
                return;
            }
            // Only now is the price paid for code that keeps every named signal.
            use(Compiler.compile(Flattener.flatten(circuit, true)));
            trace = new VcdTrace(toTrace.file, circuit.top(), compiled);
        }
        settle();
        trace.record(2 * cycle + (risen != 0 ? 1 : 0), risen, inReset);
    }

    private void endTrace() {
        if (trace != null && toTrace != null && cycle >= toTrace.to) {
            trace.close();
            trace = null;
            use(Compiler.compile(Flattener.flatten(circuit, false)));
        }
    }

    private void use(CompiledDesign other) {
        other.takeState(compiled);
        compiled = other;
        ports = new PortAccess(circuit, compiled);
        mover = null;
        for (Attached memory : memories) {
            memory.pins = new AxiPins(ports, memory.numbers, memory.wires);
        }
        dirty = true;
    }
}
