// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Fixed;
import dev.lutra.hdl.Range;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Type;
import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.Caller;
import dev.lutra.sim.engine.Clocks;
import dev.lutra.sim.engine.Engine;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.engine.StopException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A running simulation of a design, the same on every engine, cycle for cycle. Ports are named by the design's own signal
 * objects ({@code elaboration.top().count}), values are numbers of the port's type.
 *
 * <pre>{@code
 * var design = Circuit.of(Counter::new);
 * try (var sim = Simulators.embedded(design)) {
 *   sim.reset(1);
 *   sim.poke(design.top().enable, 1);
 *   sim.step(3);
 *   assertEquals(3, sim.peek(design.top().count));
 * }
 * }</pre>
 *
 * <p>A cycle is: settle, attached memories look, rising edge, settle. A poke acts at once, through combinational logic; a peek
 * sees the settled design. Memories start with their initial contents, inputs and registers with zero: begin with a {@link #reset}.
 * On Icarus, registers and other contents of memories start unknown ({@link #isUnknown}), and to peek what is unknown is a mistake.
 *
 * <p>{@code poke} and {@code peek} are for tests and debugging. Many cycles go through {@link #step}, {@link #runUntil} and
 * {@link #batch}, whose loops run inside the engine.
 *
 * <p>A failed {@code require} or {@code assume} of the design ends the running call with a
 * {@link dev.lutra.sim.engine.RequireException}, its {@code stop} with a {@link StopException}, both after the edge that found it.
 *
 * <p>One thread at a time uses a simulation; {@link #close} may come from another one and stops what is running. Mistakes throw
 * {@link SimulationException}.
 */
public final class Simulator implements AutoCloseable {
    private final Elaboration<?> design;
    private final Engine engine;
    private final List<Port> ports;
    private final Map<Port, Integer> numbers = new HashMap<>();
    /** Ports that a memory or a register driver drives, by what. */
    private final Map<Integer, String> driven = new HashMap<>();

    private final Set<String> attached = new HashSet<>();
    private final List<AxiLiteMaster> masters = new ArrayList<>();

    /** Where it was closed. */
    private volatile @Nullable String closed;

    Simulator(Elaboration<?> design, Engine engine) {
        this.design = design;
        this.engine = engine;
        ports = design.circuit().top().ports();
        for (int i = 0; i < ports.size(); i++) {
            numbers.put(ports.get(i), i);
            if (ports.get(i).type() instanceof Type.Clock) {
                driven.put(i, "clock(), as clocks are,");
            }
        }
        resets(false);
        if (!ports.isEmpty()) {
            // Settles: an asynchronous reset acts when it becomes active, which the first poke may do.
            engine.peek(0, new long[(width(0) + 63) / 64]);
        }
    }

    /** Drives an input; a {@link Bool} takes 0 or 1, an enumeration the code, which is the ordinal unless it is {@code Coded}. */
    public void poke(Data input, long value) {
        int port = input(input);
        check(input, port, BigInteger.valueOf(value));
        if (width(port) <= 64) {
            engine.poke(port, value);
        } else {
            engine.poke(port, words(BigInteger.valueOf(value), width(port)));
        }
    }

    /** Drives an input of any width. */
    public void poke(Data input, BigInteger value) {
        int port = input(input);
        check(input, port, value);
        engine.poke(port, words(value, width(port)));
    }

    /**
     * Drives a fixed-point input by a number, which its format must have; the other {@code poke}s take the raw integer.
     *
     * @throws SimulationException if the format does not have it
     */
    public void poke(Fixed<?> input, BigDecimal value) {
        int port = input(input);
        BigDecimal raw = value.multiply(power(input.fractionBits()));
        if (raw.stripTrailingZeros().scale() > 0) {
            throw SimulationException.misuse(value.toPlainString() + " is not a number of " + describe(port));
        }
        poke(input, raw.toBigIntegerExact());
    }

    private static BigDecimal power(int exponent) {
        BigDecimal power = new BigDecimal(BigInteger.ONE.shiftLeft(Math.abs(exponent)));
        return exponent >= 0 ? power : BigDecimal.ONE.divide(power);
    }

    /** The number at a fixed-point port; {@link #peek} gives its raw integer. */
    public BigDecimal peekDecimal(Fixed<?> port) {
        return port.decode(peekBig(port));
    }

    /** Drives an input of one bit. */
    public void poke(Bool input, boolean value) {
        poke(input, value ? 1 : 0);
    }

    /**
     * Whether any bit of a port is neither 0 nor 1 but x or z. Icarus knows such bits: a register holds them until it is reset or
     * written; on the other engines the answer is always no.
     */
    public boolean isUnknown(Data port) {
        return engine.unknown(number(port));
    }

    /** The number of a port that is about to be peeked. */
    private int known(Data port) {
        int number = number(port);
        if (engine.unknown(number)) {
            throw SimulationException.misuse(describe(number) + " is unknown in cycle " + cycle()
                    + ": some of its bits are x or z, for instance since a register has not been reset or written");
        }
        return number;
    }

    /**
     * The value of a port.
     *
     * @throws SimulationException if it is unknown or does not fit: {@link #peekBig} takes any width
     */
    public long peek(Data port) {
        int number = known(port);
        if (width(number) < 64 || width(number) == 64 && signed(number)) {
            return engine.peek(number);
        }
        BigInteger value = peekBig(port);
        if (value.bitLength() > 63) {
            throw SimulationException.misuse(
                    describe(number) + " holds " + value + ", which is no Java long: use peekBig");
        }
        return value.longValue();
    }

    /** The value of a port of any width. */
    public BigInteger peekBig(Data port) {
        int number = known(port);
        long[] words = new long[(width(number) + 63) / 64];
        engine.peek(number, words);
        BigInteger value = BigInteger.ZERO;
        for (int k = words.length - 1; k >= 0; k--) {
            value = value.shiftLeft(64).or(unsigned(words[k]));
        }
        return ports.get(number).type().wrap(value);
    }

    /** Whether a port of one bit is 1. */
    public boolean peekBool(Bool port) {
        return engine.peek(known(port)) != 0;
    }

    /** Holds all resets (the top's own and its inputs of type reset) for some cycles (at least one), then releases them. Attached memories are idle meanwhile. */
    public void reset(int cycles) {
        live();
        if (cycles < 1) {
            throw SimulationException.misuse("reset of " + cycles + " cycles: at least 1");
        }
        resets(true);
        engine.reset(cycles);
        resets(false);
        masters.forEach(AxiLiteMaster::afterReset);
    }

    /** Drives all inputs that are resets. */
    private void resets(boolean active) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).direction() == Direction.IN && ports.get(i).type() instanceof Type.Reset reset) {
                engine.poke(i, active != reset.kind().activeLow() ? 1 : 0);
            }
        }
    }

    /**
     * Sets when a clock rises, before the first cycle: at {@code phase}, {@code phase + period} and so on, in units of
     * time. At first all clocks have period 1 and phase 0 and rise together. Cycles are those of the base clock: the top's
     * own or, if it has none, its first input of type clock.
     *
     * @param phase at least 0 and less than the period
     */
    public void clock(Clock clock, long period, long phase) {
        setClock(ports.get(number(clock)).name(), period, phase);
    }

    /** The same for the top's own clock. */
    public void ownClock(long period, long phase) {
        setClock("clk", period, phase);
    }

    private void setClock(String name, long period, long phase) {
        live();
        int number = Clocks.of(design.circuit().top()).indexOf(name);
        if (number < 0) {
            throw SimulationException.misuse(design.circuit().top().name() + " has no clock of its own");
        }
        if (period < 1 || phase < 0 || phase >= period) {
            throw SimulationException.misuse("clock " + name + ": period " + period + " and phase " + phase
                    + "; the period is at least 1, the phase from 0 to less than the period");
        }
        if (cycle() > 0) {
            throw SimulationException.misuse("clock " + name + " is set after the first cycle, in cycle " + cycle());
        }
        engine.clock(number, period, phase);
    }

    /** Runs cycles with the inputs held. */
    public void step(long cycles) {
        live();
        if (cycles < 0) {
            throw SimulationException.misuse("step of " + cycles + " cycles");
        }
        engine.step(cycles);
    }

    /**
     * Runs until a port of one bit is 1, which is looked at before each cycle, inside the engine.
     *
     * @return cycles run, 0 if it is 1 already, or -1 if it is still 0 after {@code maxCycles}
     */
    public long runUntil(Bool condition, long maxCycles) {
        return engine.runUntil(number(condition), maxCycles);
    }

    /**
     * Runs until the design says {@code stop}.
     *
     * @return cycles run, or -1 if it has not said so after {@code maxCycles}
     */
    public long run(long maxCycles) {
        long start = cycle();
        try {
            step(maxCycles);
            return -1;
        } catch (StopException e) {
            return cycle() - start;
        }
    }

    /** Takes every line that the design prints from now on; without it they are lost. */
    public void onPrint(Consumer<String> lines) {
        engine.speech().listener(lines);
    }

    /** Everything the design names by {@code cover}, in every instance, and when it first happened. */
    public List<CoverPoint> covered() {
        return CoverPoint.of(design.circuit().top(), engine.speech().covered());
    }

    /**
     * Prepares block transfer: many cycles with new inputs each and all outputs kept, in one call.
     *
     * @param inputs ports to drive each cycle; bundles and vectors stand for their elements in order
     * @param outputs ports to keep each cycle, as they are when the inputs of the cycle have settled
     * @param rows most cycles of one call
     */
    public Batch batch(List<? extends Data> inputs, List<? extends Data> outputs, int rows) {
        live();
        return batchOfPorts(flatten(inputs), flatten(outputs), rows);
    }

    /** The same by the ports themselves, for those who know them by name. */
    public Batch batchOfPorts(List<Port> inputs, List<Port> outputs, int rows) {
        live();
        int[] in = inputs.stream().mapToInt(this::number).toArray();
        for (int port : in) {
            checkInput(port);
        }
        return new Batch(
                this, engine, ports, in, outputs.stream().mapToInt(this::number).toArray(), rows);
    }

    /** The ports of the design. */
    public List<Port> ports() {
        return ports;
    }

    /** The ports that a signal of the design stands for: one, or those of a bundle or vector in order. */
    public List<Port> ports(Data signal) {
        try {
            return design.ports(signal);
        } catch (IllegalArgumentException e) {
            throw foreign(e);
        }
    }

    /**
     * Puts a memory behind the AXI4 master ports {@code <prefix>_arvalid} and so on (docs/sim/axi-memory.md).
     *
     * @param prefix such as {@code m_axi}
     */
    public AxiMemory attachMemory(String prefix, MemoryConfig config) {
        live();
        var group = new PortGroup(design.circuit().top(), prefix);
        claim(prefix, "the memory behind " + prefix);
        return engine.attachMemory(group.axi(config), config);
    }

    /**
     * Takes over the AXI4-Lite slave ports {@code <prefix>_awvalid} and so on (docs/sim/axi-lite.md).
     *
     * @param prefix such as {@code s_axi}
     */
    public AxiLiteMaster attachMmio(String prefix) {
        live();
        var master =
                new AxiLiteMaster(this, engine, new PortGroup(design.circuit().top(), prefix));
        claim(prefix, "the register driver of " + prefix);
        masters.add(master);
        return master;
    }

    /** Writes a VCD of the coming cycles until {@link #close}. One trace per simulation. */
    public void trace(Path vcd) {
        trace(vcd, cycle(), Long.MAX_VALUE);
    }

    /** Writes a VCD of the cycles from (inclusive) to (exclusive), numbered like {@link #cycle}. */
    public void trace(Path vcd, long fromCycle, long toCycle) {
        live();
        engine.trace(vcd, fromCycle, toCycle);
    }

    /** Clock edges since the simulation was opened, those in reset included. */
    public long cycle() {
        live();
        return engine.cycle();
    }

    @Override
    public void close() {
        if (closed == null) {
            closed = Caller.place();
        }
        engine.close();
    }

    /** Refuses any use after {@link #close}. */
    void live() {
        if (closed != null) {
            throw SimulationException.misuse(
                    "the simulation of " + design.circuit().top().name() + " is closed, since " + closed);
        }
    }

    /** A signal that is none of this design's ports, or a bundle where one port is meant. */
    private static SimulationException foreign(IllegalArgumentException e) {
        return SimulationException.misuse(
                e.getMessage() + " (a simulation knows the ports of the design it was opened with)");
    }

    private void claim(String prefix, String by) {
        if (!attached.add(prefix)) {
            throw SimulationException.misuse("something is attached to " + prefix + " already");
        }
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).direction() == Direction.IN && ports.get(i).name().startsWith(prefix + "_")) {
                driven.put(i, by);
            }
        }
    }

    private List<Port> flatten(List<? extends Data> signals) {
        return signals.stream().flatMap(signal -> ports(signal).stream()).toList();
    }

    private int number(Data signal) {
        live();
        try {
            return number(design.port(signal));
        } catch (IllegalArgumentException e) {
            throw foreign(e);
        }
    }

    private int number(Port port) {
        Integer number = numbers.get(port);
        if (number == null) {
            throw SimulationException.misuse(
                    port + " is no port of " + design.circuit().top().name());
        }
        return number;
    }

    private int input(Data signal) {
        int port = number(signal);
        checkInput(port);
        return port;
    }

    private void checkInput(int port) {
        if (ports.get(port).direction() != Direction.IN) {
            throw SimulationException.misuse(describe(port) + " is an output and cannot be poked");
        }
        String by = driven.get(port);
        if (by != null) {
            throw SimulationException.misuse(describe(port) + " is driven by " + by + " and cannot be poked");
        }
    }

    private void check(Data input, int port, BigInteger value) {
        var type = ports.get(port).type();
        Range values = input instanceof UInt number
                ? number.range()
                : input instanceof SInt number ? number.range() : new Range(type.min(), type.max());
        if (!values.contains(value)) {
            throw SimulationException.misuse(value + " does not fit " + describe(port) + ": " + values);
        }
    }

    private String describe(int port) {
        Port p = ports.get(port);
        return p.name() + " (" + p.type() + ", " + p.loc() + ")";
    }

    private int width(int port) {
        return ports.get(port).type().width();
    }

    private boolean signed(int port) {
        return ports.get(port).type().signed();
    }

    private static BigInteger unsigned(long word) {
        BigInteger value = BigInteger.valueOf(word & Long.MAX_VALUE);
        return word < 0 ? value.setBit(63) : value;
    }

    static long[] words(BigInteger value, int width) {
        long[] words = new long[(width + 63) / 64];
        for (int k = 0; k < words.length; k++) {
            words[k] = value.shiftRight(64 * k).longValue();
        }
        return words;
    }
}
