// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.lib.axi.Axi4;
import dev.lutra.hdl.lib.axi.AxiLite;
import dev.lutra.hdl.lib.axi.AxiStream;
import dev.lutra.sim.Batch;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.engine.Feed;
import dev.lutra.sim.engine.SimulationException;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Drivers and monitors around a simulation, which run its cycles in blocks: what they drive is prepared for a block, what the
 * design did is looked at behind it. Streams are fed inside the engine ({@link Feed}), so a driver reacts to {@code ready} in the
 * same cycle while Java is called once per block.
 *
 * <p>Declare drivers and monitors first, then {@link #run}. Inputs that no driver has are poked as always, and hold. Cycles
 * between runs that the simulator itself runs are seen by nobody here.
 *
 * <p>One seed decides everything random; each driver has random numbers of its own.
 */
public final class Bench {
    private static final int BLOCK = 1024;

    private final Simulator sim;
    private final long seed;
    private final int block;
    private final SplittableRandom random;
    private final Rows inputs = new Rows();
    private final Rows outputs = new Rows();
    private final List<Source> sources = new ArrayList<>();
    private final List<Sink> sinks = new ArrayList<>();
    private final List<Stimulus> stimuli = new ArrayList<>();
    private final List<Watcher> watchers = new ArrayList<>();
    private @Nullable Batch batch;

    private interface Watcher {
        void look(LongBuffer rows, int row, long cycle);
    }

    private record Stimulus(RandomValues values, int word) {}

    /** A bench of a seed that {@code -Dlutra.seed} may give. */
    public Bench(Simulator sim) {
        this(sim, Seeds.choose());
    }

    public Bench(Simulator sim, long seed) {
        this(sim, seed, BLOCK);
    }

    /** @param block most cycles between two looks of Java; 1 for a test that has to react in every cycle */
    public Bench(Simulator sim, long seed, int block) {
        this.sim = sim;
        this.seed = seed;
        this.block = block;
        random = new SplittableRandom(seed);
    }

    public long seed() {
        return seed;
    }

    /** Feeds a stream into the design. */
    public Source source(Decoupled<?> stream) {
        return source(Channel.of(stream));
    }

    public Source source(AxiStream stream) {
        return source(Channel.of(stream));
    }

    public Source source(Channel channel) {
        Monitor monitor = monitor(channel);
        needs(channel.valid(), Direction.IN, "a source");
        int valid = inputs.add(sim.ports(channel.valid()));
        int payload = inputs.add(ports(channel));
        int ready = outputs.add(sim.ports(channel.ready()));
        var feed = new Feed(valid, payload, monitor.words(), ready, block);
        var source = new Source(monitor, ports(channel), feed, valid, random.split());
        sources.add(source);
        return source;
    }

    /** Takes a stream out of the design. */
    public Sink sink(Decoupled<?> stream) {
        return sink(Channel.of(stream));
    }

    public Sink sink(AxiStream stream) {
        return sink(Channel.of(stream));
    }

    public Sink sink(Channel channel) {
        Monitor monitor = monitor(channel);
        needs(channel.ready(), Direction.IN, "a sink");
        var sink = new Sink(monitor, inputs.add(sim.ports(channel.ready())), random.split());
        sinks.add(sink);
        return sink;
    }

    /** Sees a handshake that others drive: the design, an attached memory, another driver. */
    public Monitor monitor(Channel channel) {
        declared();
        var monitor = new Monitor(
                sim.ports(channel.valid()).get(0).name(),
                seed,
                ports(channel),
                outputs.add(sim.ports(channel.valid())),
                outputs.add(sim.ports(channel.ready())),
                outputs.add(ports(channel)));
        watchers.add(monitor::look);
        return monitor;
    }

    /** Sees the transactions of an AXI4 interface that others drive. */
    public Axi4Monitor monitor(Axi4 bus) {
        return new Axi4Monitor(bus, this);
    }

    /** Plays the master of an AXI4 interface. */
    public Axi4Master master(Axi4 bus) {
        return new Axi4Master(bus, this);
    }

    /** Plays the master of an AXI4-Lite interface. */
    public AxiLiteDriver master(AxiLite bus) {
        return new AxiLiteDriver(bus, this);
    }

    /** Compares a stream with expected items, in order. */
    public Scoreboard scoreboard(Monitor stream) {
        return new Scoreboard(stream, seed, item -> "", false);
    }

    /** Compares a stream with expected items, in the order of each key. */
    public Scoreboard scoreboard(Monitor stream, Function<Item, ?> key) {
        return new Scoreboard(stream, seed, key, true);
    }

    /** Random values of a port, by this bench's seed; for {@link #stimulate}, or to make items of. */
    public RandomValues values(Data port) {
        return new RandomValues(port, random.split());
    }

    /** Drives an input with a new value in every cycle. */
    public void stimulate(Data input, RandomValues values) {
        declared();
        needs(input, Direction.IN, "random stimulus");
        int word = inputs.add(sim.ports(input));
        stimuli.add(new Stimulus(values, word));
    }

    /** Shows ports, inputs too, in every cycle. */
    public void observe(List<? extends Data> ports, Observer observer) {
        declared();
        int first = outputs.add(all(ports));
        long[] values = new long[outputs.words() - first];
        watchers.add((rows, row, cycle) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = rows.get(row + first + i);
            }
            observer.cycle(cycle, values);
        });
    }

    /** Counts the bits of ports that rise and fall; of all ports if none is named. */
    public ToggleCoverage toggles(Data... ports) {
        declared();
        List<Port> all = ports.length == 0 ? data() : all(List.of(ports));
        var coverage = new ToggleCoverage(all);
        int first = outputs.add(all);
        watchers.add((rows, row, cycle) -> coverage.look(rows, row + first));
        return coverage;
    }

    /** Runs cycles. */
    public void run(long cycles) {
        for (long left = cycles; left > 0; left -= block) {
            block((int) Math.min(block, left));
        }
    }

    /**
     * Runs until something is so, which is asked after each block, so that some cycles more may have run.
     *
     * @throws BenchFailure saying what every driver still has, if it is not so after {@code most} cycles
     */
    public void runUntil(BooleanSupplier done, long most) {
        long left = most;
        while (!done.getAsBoolean()) {
            if (left <= 0) {
                throw new BenchFailure("not done after " + most + " cycles: " + status(), seed);
            }
            int cycles = (int) Math.min(block, left);
            block(cycles);
            left -= cycles;
        }
    }

    /** Runs until every source has been rid of its items. */
    public void runUntilSent(long most) {
        runUntil(() -> sources.stream().allMatch(source -> source.waiting() == 0), most);
    }

    private String status() {
        var parts = new ArrayList<String>();
        sources.forEach(source -> parts.add(source.sent().name() + " has sent "
                + source.sent().count() + " of " + (source.sent().count() + source.waiting())));
        sinks.forEach(sink ->
                parts.add(sink.taken().name() + " has brought " + sink.taken().count()));
        return String.join(", ", parts);
    }

    private void block(int cycles) {
        Batch rows = batch;
        if (rows == null) {
            rows = sim.batchOfPorts(inputs.ports(), outputs.ports(), block);
            batch = rows;
        }
        long start = sim.cycle();
        int stride = inputs.words();
        for (Source source : sources) {
            source.fill(rows.stimulus(), stride, cycles, start);
        }
        for (Sink sink : sinks) {
            sink.fill(rows.stimulus(), stride, cycles, start);
        }
        for (Stimulus stimulus : stimuli) {
            stimulus.values.fill(rows.stimulus(), stride, stimulus.word, cycles);
        }
        try {
            rows.run(cycles, sources.stream().map(Source::feed).toList());
        } catch (SimulationException e) {
            e.addSuppressed(new SimulationException(Seeds.note(seed)));
            look(rows, (int) (sim.cycle() - start), start);
            throw e;
        }
        look(rows, cycles, start);
    }

    private void look(Batch rows, int cycles, long start) {
        int stride = outputs.words();
        for (int i = 0; i < cycles; i++) {
            for (Watcher watcher : watchers) {
                watcher.look(rows.response(), i * stride, start + i);
            }
        }
    }

    private List<Port> ports(Channel channel) {
        return all(channel.payload());
    }

    private List<Port> all(List<? extends Data> signals) {
        return signals.stream().flatMap(signal -> sim.ports(signal).stream()).toList();
    }

    /** All ports but clocks. */
    private List<Port> data() {
        return sim.ports().stream()
                .filter(port -> !(port.type() instanceof Type.Clock))
                .toList();
    }

    private void needs(Data signal, Direction direction, String who) {
        for (Port port : sim.ports(signal)) {
            if (port.direction() != direction) {
                throw SimulationException.misuse(port.name() + " (" + port.type() + ", " + port.loc()
                        + ") is an output, and " + who + " drives it");
            }
        }
    }

    private void declared() {
        if (batch != null) {
            throw SimulationException.misuse("drivers and monitors are declared before the first run");
        }
    }
}
