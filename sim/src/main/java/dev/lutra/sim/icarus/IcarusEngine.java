// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.lib.check.ProtocolRule;
import dev.lutra.sim.build.Cleanup;
import dev.lutra.sim.build.ContentCache;
import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.AxiPorts;
import dev.lutra.sim.engine.AxiViolation;
import dev.lutra.sim.engine.Boxes;
import dev.lutra.sim.engine.Clocks;
import dev.lutra.sim.engine.Engine;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.engine.Speech;
import dev.lutra.sim.engine.ToolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A simulation by Icarus in a process of its own, with values of four states. A request crosses two pipes, which
 * costs more than a cycle of a small design, so work belongs in {@link #batch}, {@link #step} and {@link #runUntil}; clock, memories and conditions run in the
 * simulator's process. Pokes are collected, and a peek fetches all ports at once.
 *
 * <p>Registers and memories without initial contents start unknown, also those with a reset value, until they are reset.
 *
 * <p>{@link #close} may be called by any thread and ends a call that is running.
 */
public final class IcarusEngine implements Engine {
    /** Words of a request at most, about a megabyte; larger batches go in parts. */
    private static final int PART_WORDS = 1 << 17;

    private static final String[] CHANNELS = {"AR", "AW", "W", "R", "B"};

    private final Circuit circuit;
    private final List<Port> ports;
    private final Path directory;
    private final Link link;
    private final ReentrantLock lock = new ReentrantLock();
    private final Speech speech = new Speech();
    private final List<AxiPorts> attached = new ArrayList<>();
    /** Pokes that the simulator has not heard of. */
    private final long[] @Nullable [] poked;
    /** First word of each port in a {@link Operation#PEEK}. */
    private final int[] place;

    private @Nullable Answer peeked;
    private @Nullable LongBuffer unknown;
    private int[] batchInputs = {};
    private int[] batchOutputs = {};
    private boolean selected;
    private boolean zeros;
    private long cycle;
    private @Nullable Path vcd;
    private long traceTo;
    private volatile boolean closed;
    private boolean removed;

    private IcarusEngine(Circuit circuit, IcarusOptions options, Toolchain tools, Path module, Path program) {
        this.circuit = circuit;
        ports = circuit.top().ports();
        zeros = options.zeroStart();
        try {
            directory = Files.createTempDirectory("lutra-icarus");
        } catch (IOException e) {
            throw new SimulationException(
                    "no directory for the simulation of " + circuit.top().name() + ": " + e, e);
        }
        Cleanup.watch(directory);
        poked = new long[ports.size()] @Nullable [];
        place = new int[ports.size() + 1];
        for (int i = 0; i < ports.size(); i++) {
            place[i + 1] = place[i] + words(i);
            if (ports.get(i).direction() == Direction.IN && !(ports.get(i).type() instanceof Type.Clock)) {
                poked[i] = new long[words(i)];
            }
        }
        link = new Link(tools, module, program, directory);
        introduce(options);
    }

    /**
     * Opens a simulation; what it runs is taken from the cache or built. Without a compiler on the PATH it is one by a test bench in plain
     * Verilog, slower, and without memories behind AXI4 ports and traces.
     *
     * @throws ToolException if a tool is missing or refuses the design
     * @throws SimulationException if the design has a black box with neither model nor Verilog, or one that makes a clock
     */
    public static Engine open(Circuit circuit, IcarusOptions options) {
        Boxes.check(circuit, true);
        ContentCache cache =
                new ContentCache(ContentCache.defaultRoot(options.environment()), ContentCache.DEFAULT_LIMIT);
        try {
            Toolchain tools = Toolchain.find(options.environment().getOrDefault("PATH", ""), cache);
            Builder builder = new Builder(cache, tools, options.progress());
            if (tools.compiler() == null) {
                if (options.zeroStart()) {
                    throw PlainEngine.needsModule("a start with zeros");
                }
                options.progress().accept("no g++: Icarus runs with a test bench in plain Verilog, and slowly");
                return new PlainEngine(circuit, tools, builder.plain(circuit));
            }
            return new IcarusEngine(circuit, options, tools, builder.module(), builder.design(circuit));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SimulationException(
                    "interrupted while building " + circuit.top().name() + " for Icarus", e);
        }
    }

    /** Tells our module what the design looks like. */
    private void introduce(IcarusOptions options) {
        var top = circuit.top();
        link.begin(Operation.INIT);
        link.putLong(Math.max(options.patience().toSeconds(), options.patience().isZero() ? 0 : 1));
        link.putInt(top.usesReset() ? top.reset().activeLow() ? 0 : 1 : -1);
        link.putInt(ports.size());
        for (Port port : ports) {
            link.putInt(port.type().width())
                    .putInt(port.direction() == Direction.IN ? 1 : 0)
                    .putInt(port.type().signed() ? 1 : 0);
        }
        List<String> clocks = Clocks.of(top);
        link.putInt(clocks.size());
        for (String clock : clocks) {
            int number = -1;
            for (int i = 0; i < ports.size(); i++) {
                number = ports.get(i).name().equals(clock) ? i : number;
            }
            link.putInt(number);
        }
        link.end();
    }

    @Override
    public void poke(int port, long value) {
        during(() -> {
            poked[port] = new long[] {value};
            peeked = null;
        });
    }

    @Override
    public void poke(int port, long[] words) {
        during(() -> {
            poked[port] = Arrays.copyOf(words, words(port));
            peeked = null;
        });
    }

    @Override
    public long peek(int port) {
        return guarded(() -> look().words().get(place[port]));
    }

    @Override
    public void peek(int port, long[] words) {
        during(() -> {
            look().words().get(place[port], words, 0, words(port));
        });
    }

    @Override
    public boolean unknown(int port) {
        return guarded(() -> {
            LongBuffer masks = look().unknown();
            boolean any = false;
            for (int i = place[port]; masks != null && i < place[port + 1]; i++) {
                any |= masks.get(i) != 0;
            }
            return any;
        });
    }

    @Override
    public void reset(int cycles) {
        run(Operation.RESET, cycles);
    }

    @Override
    public void step(long cycles) {
        run(Operation.STEP, cycles);
    }

    private void run(Operation operation, long cycles) {
        during(() -> {
            Answer answer;
            long done = 0;
            do {
                begin(operation).putLong(cycles - done);
                answer = ask();
                done += answer.done();
            } while (goesOn(answer));
        });
    }

    @Override
    public long runUntil(int port, long maxCycles) {
        return guarded(() -> {
            long done = 0;
            while (true) {
                begin(Operation.UNTIL).putInt(port).putLong(maxCycles - done);
                Answer answer = ask();
                done += answer.done();
                if (goesOn(answer)) {
                    continue;
                }
                if (answer.words().get(0) == 2) {
                    throw unknownCondition(circuit, ports.get(port), cycle, maxCycles);
                }
                return answer.words().get(0) == 0 ? done : -1;
            }
        });
    }

    @Override
    public void batch(int[] inputs, int[] outputs, long cycles, LongBuffer stimulus, LongBuffer response) {
        during(() -> {
            int in = Arrays.stream(inputs).map(this::words).sum();
            int out = Arrays.stream(outputs).map(this::words).sum();
            unknown = null;
            select(inputs, outputs);
            for (int port : inputs) {
                poked[port] = null;
            }
            long part = Math.max(1, PART_WORDS / Math.max(1, in + out));
            for (long first = 0; first < cycles; first += part) {
                batch(first, Math.min(part, cycles - first), in, out, stimulus, response);
            }
        });
    }

    private void batch(long first, long rows, int in, int out, LongBuffer stimulus, LongBuffer response)
            throws IOException {
        begin(Operation.BATCH).putLong(rows).putLong(rows * in);
        link.putWords(stimulus, stimulus.position() + (int) first * in, (int) rows * in);
        long done = first;
        while (true) {
            Answer answer = ask();
            int words = answer.words().remaining();
            int at = (int) done * out;
            response.put(response.position() + at, answer.words(), 0, words);
            LongBuffer masks = answer.unknown();
            if (masks != null) {
                if (unknown == null) {
                    unknown = LongBuffer.allocate(response.remaining());
                }
                unknown.put(at, masks, 0, words);
            }
            done += answer.done();
            if (!goesOn(answer)) {
                return;
            }
            begin(Operation.MORE);
        }
    }

    @Override
    public @Nullable LongBuffer unknown() {
        return unknown;
    }

    private void select(int[] inputs, int[] outputs) {
        if (selected && Arrays.equals(inputs, batchInputs) && Arrays.equals(outputs, batchOutputs)) {
            return;
        }
        link.begin(Operation.SELECT);
        for (int[] side : List.of(inputs, outputs)) {
            link.putInt(side.length);
            for (int port : side) {
                link.putInt(port);
            }
        }
        link.end();
        batchInputs = inputs.clone();
        batchOutputs = outputs.clone();
        selected = true;
    }

    @Override
    public long cycle() {
        return cycle;
    }

    @Override
    public void clock(int clock, long period, long phase) {
        during(() -> {
            link.begin(Operation.CLOCK);
            link.putInt(clock).putLong(period).putLong(phase);
            link.end();
        });
    }

    @Override
    public AxiMemory attachMemory(AxiPorts p, MemoryConfig config) {
        return guarded(() -> {
            Path file = directory.resolve("memory" + attached.size());
            ByteBuffer contents;
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                contents = channel.map(FileChannel.MapMode.READ_WRITE, 0, config.bytes())
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
            begin(Operation.ATTACH);
            for (int number : p.numbers()) {
                link.putInt(number);
            }
            link.putInt(p.dataBytes());
            for (long word : config.numbers()) {
                link.putLong(word);
            }
            link.putText(file.toString());
            goesOn(ask());
            // Both have it mapped: nothing is left behind when they end.
            Files.delete(file);
            attached.add(p);
            return new IcarusMemory(this, config, contents, attached.size() - 1);
        });
    }

    @Override
    public void trace(Path file, long fromCycle, long toCycle) {
        during(() -> {
            if (vcd != null || traceTo > 0) {
                throw new SimulationException("this simulation has a trace already");
            }
            try {
                Files.write(file, new byte[0]);
            } catch (IOException e) {
                throw new SimulationException("cannot write the trace " + file + ": " + e, e);
            }
            begin(Operation.TRACE).putLong(fromCycle).putLong(toCycle);
            goesOn(ask());
            vcd = file;
            traceTo = toCycle;
        });
    }

    @Override
    public Speech speech() {
        return speech;
    }

    @Override
    public void close() {
        closed = true;
        if (!lock.tryLock()) {
            link.kill();
            lock.lock();
        }
        try {
            if (removed) {
                return;
            }
            removed = true;
            if (vcd != null) {
                link.quit();
                finishTrace();
            } else {
                link.kill();
            }
            try {
                Cleanup.delete(directory);
                Cleanup.forget(directory);
            } catch (IOException e) {
                // removed with this process
            }
        } finally {
            lock.unlock();
        }
    }

    private void finishTrace() {
        if (vcd != null) {
            Path to = vcd;
            vcd = null;
            Dump.write(directory.resolve(Bench.DUMP), to, circuit.top());
        }
    }

    /** A request of an attached memory. */
    Answer call(Operation operation, Consumer<Link> arguments) {
        return guarded(() -> {
            Answer kept = peeked;
            link.begin(operation);
            arguments.accept(link);
            Answer answer = ask();
            goesOn(answer);
            // It has changed no port.
            peeked = kept;
            return answer;
        });
    }

    private interface Action<T> {
        T run() throws IOException;
    }

    private interface Step {
        void run() throws IOException;
    }

    private void during(Step step) {
        guarded(() -> {
            step.run();
            return this;
        });
    }

    private <T> T guarded(Action<T> action) {
        lock.lock();
        try {
            if (closed) {
                throw new SimulationException(
                        "the simulation of " + circuit.top().name() + " is closed");
            }
            return action.run();
        } catch (IOException e) {
            if (closed) {
                throw new SimulationException(
                        "the simulation of " + circuit.top().name() + " was closed while it ran", e);
            }
            String words = link.lastWords();
            close();
            throw new ToolException(
                    "vvp",
                    "vvp, which simulates " + circuit.top().name() + ", ended in or after cycle " + cycle + " with "
                            + words,
                    null,
                    e);
        } finally {
            lock.unlock();
        }
    }

    /** All ports, settled. */
    private Answer look() throws IOException {
        Answer answer = peeked;
        if (answer == null) {
            begin(Operation.PEEK);
            answer = ask();
            goesOn(answer);
            peeked = answer;
        }
        return answer;
    }

    /** Begins a request that runs the design, after all that was poked. */
    private Link begin(Operation operation) {
        for (int i = 0; i < poked.length; i++) {
            long[] words = poked[i];
            if (words != null) {
                link.begin(Operation.POKE);
                link.putInt(i);
                link.putWords(LongBuffer.wrap(words), 0, words.length);
                link.end();
                poked[i] = null;
            }
        }
        if (zeros) {
            link.begin(Operation.ZERO);
            link.end();
            zeros = false;
        }
        link.begin(operation);
        return link;
    }

    private Answer ask() throws IOException {
        peeked = null;
        Answer answer = link.ask();
        cycle = answer.cycle();
        if (vcd != null && cycle >= traceTo) {
            finishTrace();
        }
        return answer;
    }

    /**
     * Hands on what the design said and throws what else ended the request.
     *
     * @return whether it has to go on: it only came back to hand on what was printed
     */
    private boolean goesOn(Answer answer) {
        int event = answer.event();
        if (event == 0) {
            return false;
        }
        String top = circuit.top().name();
        if ((event & Answer.REFUSED) != 0) {
            throw new SimulationException(answer.text());
        }
        if ((event & Answer.HANG) != 0) {
            close();
            throw new SimulationException(top + " does not settle in cycle " + cycle
                    + ": a loop of its Verilog runs for ever (IcarusOptions.withPatience allows more time)");
        }
        if ((event & Answer.PRINT) != 0) {
            // A request returns after the edge at which something was printed.
            speech.hear(cycle - 1, spoken(answer.text()));
        }
        if (event == Answer.PRINT) {
            return true;
        }
        Answer.Violation violation = answer.violation();
        if ((event & Answer.BUS) != 0) {
            throw new AxiViolation(
                    ProtocolRule.values()[violation.rule()],
                    attached.get(violation.bus()).prefix(),
                    CHANNELS[violation.channel()],
                    cycle,
                    violation.address(),
                    (int) violation.id());
        }
        if ((event & Answer.UNKNOWN) != 0) {
            Port port = ports.get(attached.get(violation.bus()).numbers()[violation.channel()]);
            throw new SimulationException(port.name() + " of " + top + " (" + port.loc() + ") is unknown (x) in cycle "
                    + cycle + ", and the memory behind it cannot go on: is there a reset before?");
        }
        String what = (event & Answer.FINISH) != 0 ? "finished" : "stopped";
        throw new SimulationException(
                top + " " + what + " in cycle " + cycle + ": " + answer.text().strip());
    }

    static SimulationException unknownCondition(Circuit circuit, Port port, long cycle, long maxCycles) {
        return new SimulationException(port.name() + " of " + circuit.top().name() + " (" + port.loc()
                + ") is unknown (x) in cycle " + cycle + ", after " + maxCycles + " cycles of waiting for it");
    }

    /** A line of the design with instances named from the top. */
    static String named(String line) {
        return line.startsWith(Bench.NAME + ".") ? line.substring(Bench.NAME.length() + 1) : line;
    }

    /** The lines of the design, with instances named from the top; without what our module says of $stop and $finish. */
    private static List<String> spoken(String text) {
        return text.lines()
                .filter(line -> !line.matches("\\$(stop|finish) at .*"))
                .map(IcarusEngine::named)
                .toList();
    }

    private int words(int port) {
        return (ports.get(port).type().width() + 63) / 64;
    }
}
