// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.lib.check.ProtocolRule;
import dev.lutra.sim.build.ContentCache;
import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.AxiPorts;
import dev.lutra.sim.engine.AxiViolation;
import dev.lutra.sim.engine.Boxes;
import dev.lutra.sim.engine.Engine;
import dev.lutra.sim.engine.Feed;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.MemoryStatistics;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.engine.Speech;
import dev.lutra.sim.verilator.DesignSource.SourcePort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A simulation by a Verilated model in this process. A call that crosses into native code costs about 60 ns, so work
 * belongs in {@link #batch}, {@link #step} and {@link #runUntil}; clock, memories, conditions and traces run on the native
 * side.
 *
 * <p>Many may be open at once, of one design or several, each used by one thread at a time. {@link #close} may be called
 * by any thread: it stops a call that is running. A call after that is an error.
 */
public final class VerilatorEngine implements Engine {
    // Offsets in struct Control of lutra_shim.cc.
    private static final int EVENT = 0;
    private static final int TEXT_LENGTH = 4;
    private static final int TEXT = 8;
    private static final int CYCLE = TEXT + (1 << 16);
    private static final int VIOLATION = CYCLE + 8;
    private static final int CONTROL_BYTES = VIOLATION + 32;

    // Bits of EVENT.
    private static final int FINISH = 1;
    private static final int FATAL = 4;
    private static final int CANCEL = 8;
    private static final int BUS = 16;
    private static final int PRINT = 32;

    private static final String[] CHANNELS = {"AR", "AW", "W", "R", "B"};
    private static final int SCRATCH_WORDS = 1 << 14;
    private static final int NO_HANDLE = 0;

    private final String top;
    private final List<SourcePort> ports;
    private final ModelLibrary library;
    private final boolean traced;
    private final ByteBuffer control;
    private final ByteBuffer scratchBytes;
    private final LongBuffer scratch;
    private final long scratchAddress;
    private final List<NativeAxiMemory> memories = new ArrayList<>();
    private final List<String> memoryPrefixes = new ArrayList<>();
    private long handle;
    private int[] batchInputs = {};
    private int[] batchOutputs = {};
    private int inWords;
    private int outWords;
    private boolean selected;
    private final Speech speech = new Speech();

    private VerilatorEngine(String top, List<SourcePort> ports, ModelLibrary library, boolean traced) {
        this.top = top;
        this.ports = ports;
        this.library = library;
        this.traced = traced;
        this.control = ByteBuffer.allocateDirect(CONTROL_BYTES).order(ByteOrder.nativeOrder());
        this.scratchBytes = ByteBuffer.allocateDirect(8 * SCRATCH_WORDS).order(ByteOrder.nativeOrder());
        this.scratch = scratchBytes.asLongBuffer();
        this.scratchAddress = Shim.address(scratch);
        this.handle = Shim.open(library.handle(), Shim.address(control));
    }

    /**
     * Opens a simulation of a circuit; the model is taken from the cache or built.
     *
     * @throws dev.lutra.sim.engine.ToolException if a tool is missing or refuses the design
     * @throws SimulationException if it has a black box with neither model nor Verilog, or one that makes a clock
     */
    public static VerilatorEngine open(Circuit circuit, VerilatorOptions options) {
        Boxes.check(circuit, true);
        ContentCache cache = cache(options);
        KnownModel.Place place = KnownModel.Place.of(circuit, options, cache);
        KnownModel known = place == null ? null : place.find();
        if (known == null) {
            known = build(DesignSource.of(circuit), options, cache);
            if (place != null) {
                place.note(known);
            }
        }
        return open(circuit.top().name(), SourcePort.of(circuit), known, options);
    }

    /**
     * Opens a simulation of Verilog; the model is taken from the cache or built.
     *
     * @throws dev.lutra.sim.engine.ToolException if a tool is missing or refuses the design
     */
    public static VerilatorEngine open(DesignSource design, VerilatorOptions options) {
        return open(design.top(), design.ports(), build(design, options, cache(options)), options);
    }

    private static ContentCache cache(VerilatorOptions options) {
        return new ContentCache(ContentCache.defaultRoot(options.environment()), ContentCache.DEFAULT_LIMIT);
    }

    private static KnownModel build(DesignSource design, VerilatorOptions options, ContentCache cache) {
        try {
            ModelBuilder builder = ModelBuilder.create(options, cache);
            return new KnownModel(builder.shim(), builder.model(design, options.trace(), options.quick()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SimulationException("interrupted while building the model of " + design.top(), e);
        }
    }

    private static VerilatorEngine open(
            String top, List<SourcePort> ports, KnownModel model, VerilatorOptions options) {
        note(model, options);
        Shim.bind(model.shim());
        if (Shim.controlBytes() != CONTROL_BYTES) {
            throw new AssertionError("lutra_shim.cc and VerilatorEngine disagree on Control");
        }
        var engine = new VerilatorEngine(top, ports, ModelLibrary.open(model.library()), options.trace());
        try {
            engine.check();
            return engine;
        } catch (SimulationException e) {
            engine.close();
            throw e;
        }
    }

    /** For {@code ./lutra test}, which counts the models that tests need: a line for each that is opened. */
    private static void note(KnownModel model, VerilatorOptions options) {
        String log = options.environment().get("LUTRA_MODEL_LOG");
        if (log == null) {
            return;
        }
        try {
            Files.writeString(
                    Path.of(log), model.library() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new SimulationException("cannot write to LUTRA_MODEL_LOG, " + log + ": " + e, e);
        }
    }

    @Override
    public synchronized void poke(int port, long value) {
        Shim.poke(live(), port, value);
    }

    @Override
    public synchronized void poke(int port, long[] words) {
        scratch.put(0, words, 0, words(port));
        Shim.pokeWords(live(), port, scratchAddress);
    }

    @Override
    public synchronized long peek(int port) {
        long value = Shim.peek(live(), port);
        check();
        return value;
    }

    @Override
    public synchronized void peek(int port, long[] words) {
        Shim.peekWords(live(), port, scratchAddress);
        scratch.get(0, words, 0, words(port));
        check();
    }

    @Override
    public synchronized void reset(int cycles) {
        int done = 0;
        do {
            done += (int) Shim.reset(live(), cycles - done);
        } while (check());
    }

    @Override
    public synchronized void step(long cycles) {
        long done = 0;
        do {
            done += Shim.step(live(), cycles - done);
        } while (check());
    }

    @Override
    public synchronized long runUntil(int port, long maxCycles) {
        long done = 0;
        while (true) {
            long ran = Shim.runUntil(live(), port, maxCycles - done);
            if (!check()) {
                return ran < 0 ? -1 : done + ran;
            }
            done += ran;
        }
    }

    @Override
    public synchronized void batch(int[] inputs, int[] outputs, long cycles, LongBuffer stimulus, LongBuffer response) {
        select(inputs, outputs);
        if (isNative(stimulus, inWords) && isNative(response, outWords)) {
            run(cycles, address(stimulus, inWords), address(response, outWords));
            return;
        }
        // Buffers in the Java heap may move: copy rows through our own.
        int rowWords = Math.max(1, inWords + outWords);
        if (rowWords > SCRATCH_WORDS) {
            throw new SimulationException("a batch row of " + rowWords + " words needs direct buffers in native order");
        }
        int chunk = SCRATCH_WORDS / rowWords;
        long base = scratchAddress;
        for (long done = 0; done < cycles; done += chunk) {
            int rows = (int) Math.min(chunk, cycles - done);
            int in = rows * inWords;
            int out = rows * outWords;
            scratch.put(0, stimulus, stimulus.position() + (int) (done * inWords), in);
            try {
                run(rows, base, base + 8L * in);
            } finally {
                response.put(response.position() + (int) (done * outWords), scratch, in, out);
            }
        }
    }

    @Override
    public synchronized void batch(
            int[] inputs,
            int[] outputs,
            long cycles,
            LongBuffer stimulus,
            int stimulusWords,
            LongBuffer response,
            int responseWords,
            List<Feed> feeds) {
        select(inputs, outputs);
        long in = address(stimulus, inWords);
        long out = address(response, outWords);
        long done = 0;
        do {
            for (int i = 0; i < feeds.size(); i++) {
                scratch.put(2 * i, address(feeds.get(i).state(), 1));
                scratch.put(2 * i + 1, address(feeds.get(i).items(), 1));
            }
            done += Shim.feed(
                    live(),
                    cycles - done,
                    in + 8L * done * inWords,
                    out + 8L * done * outWords,
                    scratchAddress,
                    feeds.size());
        } while (check());
    }

    private void run(long cycles, long stimulus, long response) {
        long done = 0;
        do {
            done += Shim.batch(live(), cycles - done, stimulus + 8L * done * inWords, response + 8L * done * outWords);
        } while (check());
    }

    @Override
    public synchronized long cycle() {
        live();
        return control.getLong(CYCLE);
    }

    @Override
    public synchronized void clock(int clock, long period, long phase) {
        Shim.clock(live(), clock, period, phase);
    }

    @Override
    public synchronized AxiMemory attachMemory(AxiPorts p, MemoryConfig config) {
        long simulation = live();
        int[] ports = p.numbers();
        long[] timing = config.numbers();
        MappedMemory contents = MappedMemory.of(config.bytes());
        scratch.put(0, timing);
        scratchBytes.position(8 * timing.length).asIntBuffer().put(ports);
        long memory = Shim.attach(
                simulation, scratchAddress + 8L * timing.length, p.dataBytes(), scratchAddress, contents.address());
        NativeAxiMemory attached = new NativeAxiMemory(this, config, contents, memory);
        memories.add(attached);
        memoryPrefixes.add(p.prefix());
        return attached;
    }

    @Override
    public synchronized void trace(Path vcd, long fromCycle, long toCycle) {
        long simulation = live();
        if (!traced) {
            throw new SimulationException(
                    "this model was built without tracing: open it with " + "VerilatorOptions.withTrace(true)");
        }
        try {
            // Verilator reports no reason when it cannot open a file.
            Files.write(vcd, new byte[0]);
        } catch (IOException e) {
            throw new SimulationException("cannot write the trace " + vcd + ": " + e, e);
        }
        if (Shim.trace(simulation, vcd.toString(), fromCycle, toCycle) == 0) {
            throw new SimulationException("cannot write the trace " + vcd);
        }
    }

    @Override
    public Speech speech() {
        return speech;
    }

    @Override
    public void close() {
        // Seen by the native loop in every cycle.
        control.putInt(EVENT, control.getInt(EVENT) | CANCEL);
        synchronized (this) {
            if (handle != NO_HANDLE) {
                Shim.close(handle);
                handle = NO_HANDLE;
                library.close();
            }
        }
    }

    /** Runs something native of an attached memory. */
    synchronized void whileOpen(Runnable action) {
        live();
        action.run();
    }

    synchronized MemoryStatistics statistics(long memory) {
        live();
        Shim.statistics(memory, scratchAddress);
        return new MemoryStatistics(scratch.get(0), scratch.get(1), scratch.get(2), scratch.get(3));
    }

    private long live() {
        if (handle == NO_HANDLE) {
            throw new SimulationException("the simulation of " + top + " is closed");
        }
        return handle;
    }

    private int words(int port) {
        return (ports.get(port).width() + 63) / 64;
    }

    /**
     * Hands on what the design said in the last call, throws what else ended it, and takes the event back so that the
     * simulation can be looked at.
     *
     * @return whether the call has to go on: it only came back to hand on what was printed
     */
    private boolean check() {
        int event = control.getInt(EVENT);
        if (event == 0) {
            return false;
        }
        control.putInt(EVENT, event & CANCEL);
        long cycle = control.getLong(CYCLE);
        if ((event & PRINT) != 0) {
            // A call returns after the edge at which something was printed.
            speech.hear(cycle - 1, spoken());
        }
        if (event == PRINT) {
            return true;
        }
        if ((event & BUS) != 0) {
            throw new AxiViolation(
                    ProtocolRule.values()[control.getInt(VIOLATION + 4)],
                    memoryPrefixes.get(control.getInt(VIOLATION)),
                    CHANNELS[control.getInt(VIOLATION + 8)],
                    cycle,
                    control.getLong(VIOLATION + 16),
                    (int) control.getLong(VIOLATION + 24));
        }
        if ((event & ~CANCEL) == 0) {
            throw new SimulationException("the simulation of " + top + " was closed while it ran");
        }
        String said = text().strip().replaceFirst("^\\[\\d+\\] %(Error|Fatal): ", "");
        String what = (event & FATAL) != 0 ? "gave up" : (event & FINISH) != 0 ? "finished" : "stopped";
        throw new SimulationException(top + " " + what + " in cycle " + cycle + ": " + said);
    }

    private String text() {
        byte[] text = new byte[control.getInt(TEXT_LENGTH)];
        control.get(TEXT, text);
        return new String(text, java.nio.charset.StandardCharsets.UTF_8);
    }

    /** The lines of the design, with instances named from the top; without what Verilator says of $stop and $finish. */
    private List<String> spoken() {
        return text().lines()
                .filter(line -> !line.matches("(stopped|\\$finish) at .*"))
                .map(line -> line.replaceFirst("^lutra_wrapper\\.", ""))
                .toList();
    }

    private void select(int[] inputs, int[] outputs) {
        if (selected && Arrays.equals(inputs, batchInputs) && Arrays.equals(outputs, batchOutputs)) {
            return;
        }
        int[] ports = Arrays.copyOf(inputs, inputs.length + outputs.length);
        System.arraycopy(outputs, 0, ports, inputs.length, outputs.length);
        scratchBytes.position(0).asIntBuffer().put(ports);
        Shim.select(live(), scratchAddress, inputs.length, outputs.length);
        batchInputs = inputs.clone();
        batchOutputs = outputs.clone();
        inWords = Arrays.stream(inputs).map(this::words).sum();
        outWords = Arrays.stream(outputs).map(this::words).sum();
        selected = true;
    }

    private static boolean isNative(LongBuffer buffer, int rowWords) {
        return rowWords == 0 || buffer.isDirect() && buffer.order() == ByteOrder.nativeOrder();
    }

    private static long address(LongBuffer buffer, int rowWords) {
        if (rowWords == 0) {
            return 0;
        }
        return Shim.address(buffer) + 8L * buffer.position();
    }
}
