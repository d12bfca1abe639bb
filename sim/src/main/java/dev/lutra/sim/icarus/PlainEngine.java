// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import dev.lutra.sim.build.Cleanup;
import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.AxiPorts;
import dev.lutra.sim.engine.Clocks;
import dev.lutra.sim.engine.Engine;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.engine.Speech;
import dev.lutra.sim.engine.ToolException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A simulation by Icarus where no compiler is there to build our module: a test bench in plain Verilog reads a line of bits for
 * all inputs, lets the design settle and prints the bits of all outputs. Two such lines make a cycle, slower
 * than with the module; memories behind AXI4 ports, traces and a start with zeros need the module.
 */
final class PlainEngine implements Engine {
    private static final char MARK = '@';

    private final Circuit circuit;
    private final List<Port> ports;
    private final List<String> clockNames;
    private final Clocks clocks;
    private final Process process;
    private final Path directory;
    private final BufferedReader from;
    private final Writer to;
    private final Speech speech = new Speech();
    private final long[][] inputs;
    /** The place of each output's lowest bit in an answer, which begins with the highest bit of the last. */
    private final int[] lowest;

    private String outputs = "";
    private boolean inReset;
    private boolean settled;
    private long cycle;
    private volatile boolean closed;
    private @Nullable LongBuffer unknown;

    /** @param program a design with the test bench of {@link #bench} */
    PlainEngine(Circuit circuit, Toolchain tools, Path program) {
        this.circuit = circuit;
        ports = circuit.top().ports();
        clockNames = Clocks.of(circuit.top());
        clocks = new Clocks(clockNames.size());
        inputs = new long[ports.size()][];
        lowest = new int[ports.size()];
        int at = outputBits(circuit.top()) - 1;
        for (int i = 0; i < lowest.length; i++) {
            inputs[i] = new long[words(i)];
            lowest[i] = at;
            at -= ports.get(i).direction() == Direction.OUT
                    ? ports.get(i).type().width()
                    : 0;
        }
        try {
            directory = Files.createTempDirectory("lutra-icarus");
            Cleanup.watch(directory);
            process = new ProcessBuilder(tools.vvp().toString(), "-n", program.toString())
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new ToolException("vvp", "cannot start " + tools.vvp() + ": " + e.getMessage(), null, e);
        }
        Cleanup.watch(process);
        from = process.inputReader(StandardCharsets.ISO_8859_1);
        to = process.outputWriter(StandardCharsets.ISO_8859_1);
    }

    /** A test bench that reads clocks, reset and inputs from standard input and prints outputs. */
    static String bench(Module top) {
        List<Port> ports = top.ports();
        var pins = new ArrayList<String>();
        var into = new ArrayList<String>();
        var out = new ArrayList<String>();
        var declared = new StringBuilder();
        if (top.usesClock()) {
            declared.append("  reg c;\n");
            into.add("c");
            pins.add(".clk(c)");
        }
        if (top.usesReset()) {
            declared.append("  reg r;\n");
            into.add("r");
            pins.add("." + top.reset().portName() + "(r)");
        }
        int bits = into.size();
        for (int i = 0; i < ports.size(); i++) {
            Port port = ports.get(i);
            boolean input = port.direction() == Direction.IN;
            int width = port.type().width();
            declared.append(input ? "  reg [" : "  wire [").append(width - 1).append(":0] p" + i + ";\n");
            pins.add("." + port.name() + "(p" + i + ")");
            if (input) {
                into.add("p" + i);
                bits += width;
            } else {
                out.add(0, "p" + i);
            }
        }
        // An input and an output that nobody sees, since there may be none.
        into.add("spare");
        out.add(0, "spare");
        return "module " + Bench.NAME + ";\n  reg spare;\n" + declared + "  reg [" + bits
                + ":0] line;\n  integer got;\n"
                + "  " + top.name() + " " + top.name() + "(" + String.join(", ", pins) + ");\n"
                + "  initial begin\n    #1 got = $fscanf(32'h8000_0000, \"%b\", line);\n    while (got == 1) begin\n"
                + "      {" + String.join(", ", into) + "} = line;\n      #10000 $display(\"" + MARK + "%b\", {"
                + String.join(", ", out) + "});\n      $fflush;\n"
                + "      got = $fscanf(32'h8000_0000, \"%b\", line);\n    end\n    $finish(0);\n  end\nendmodule\n";
    }

    private static int outputBits(Module top) {
        return 1
                + top.ports().stream()
                        .filter(port -> port.direction() == Direction.OUT)
                        .mapToInt(port -> port.type().width())
                        .sum();
    }

    @Override
    public void poke(int port, long value) {
        inputs[port][0] = value;
        settled = false;
    }

    @Override
    public void poke(int port, long[] words) {
        System.arraycopy(words, 0, inputs[port], 0, inputs[port].length);
        settled = false;
    }

    @Override
    public long peek(int port) {
        long[] words = new long[words(port)];
        peek(port, words);
        return words[0];
    }

    @Override
    public void peek(int port, long[] words) {
        settle();
        look(port, words, new long[words(port)]);
    }

    @Override
    public boolean unknown(int port) {
        settle();
        long[] masks = new long[words(port)];
        look(port, new long[words(port)], masks);
        return Arrays.stream(masks).anyMatch(mask -> mask != 0);
    }

    @Override
    public @Nullable LongBuffer unknown() {
        return unknown;
    }

    private void look(int port, long[] words, long[] masks) {
        int width = ports.get(port).type().width();
        boolean signed = ports.get(port).type().signed();
        if (ports.get(port).direction() == Direction.IN) {
            System.arraycopy(inputs[port], 0, words, 0, words(port));
        } else {
            Arrays.fill(words, 0, words(port), 0);
            for (int bit = 0; bit < width; bit++) {
                char state = outputs.charAt(lowest[port] - bit);
                if (state == '1') {
                    words[bit >> 6] |= 1L << bit;
                } else if (state != '0') {
                    masks[bit >> 6] |= 1L << bit;
                }
            }
        }
        int spare = 64 * words(port) - width;
        int top = words(port) - 1;
        words[top] = signed ? words[top] << spare >> spare : words[top] << spare >>> spare;
    }

    @Override
    public void reset(int cycles) {
        inReset = true;
        settled = false;
        try {
            step(cycles);
        } finally {
            inReset = false;
            settled = false;
        }
    }

    @Override
    public void step(long cycles) {
        for (long i = 0; i < cycles; i++) {
            settle();
            edge();
        }
    }

    @Override
    public long runUntil(int port, long maxCycles) {
        for (long i = 0; ; i++) {
            boolean isUnknown = unknown(port);
            if (!isUnknown && peek(port) != 0) {
                return i;
            }
            if (i == maxCycles) {
                if (isUnknown) {
                    throw IcarusEngine.unknownCondition(circuit, ports.get(port), cycle, maxCycles);
                }
                return -1;
            }
            edge();
        }
    }

    @Override
    public void batch(int[] in, int[] out, long cycles, LongBuffer stimulus, LongBuffer response) {
        int from = stimulus.position();
        int at = response.position();
        unknown = null;
        for (long i = 0; i < cycles; i++) {
            for (int port : in) {
                stimulus.get(from, inputs[port]);
                from += inputs[port].length;
            }
            settled = false;
            settle();
            for (int port : out) {
                long[] words = new long[words(port)];
                long[] masks = new long[words(port)];
                look(port, words, masks);
                response.put(at, words);
                if (Arrays.stream(masks).anyMatch(mask -> mask != 0)) {
                    unknown = unknown == null ? LongBuffer.allocate(response.remaining()) : unknown;
                    unknown.put(at - response.position(), masks);
                }
                at += words.length;
            }
            edge();
        }
    }

    @Override
    public long cycle() {
        return cycle;
    }

    @Override
    public void clock(int clock, long period, long phase) {
        clocks.set(clock, period, phase);
    }

    @Override
    public AxiMemory attachMemory(AxiPorts axi, MemoryConfig config) {
        throw needsModule("a memory behind " + axi.prefix());
    }

    @Override
    public void trace(Path vcd, long fromCycle, long toCycle) {
        throw needsModule("a trace");
    }

    static SimulationException needsModule(String what) {
        return new SimulationException(
                what + " needs the module of the Icarus engine, which is built by g++, and there is"
                        + " none on the PATH; on Debian and Ubuntu: apt-get install g++");
    }

    @Override
    public Speech speech() {
        return speech;
    }

    @Override
    public void close() {
        closed = true;
        process.destroyForcibly();
        Cleanup.forget(process);
        try {
            Cleanup.delete(directory);
            Cleanup.forget(directory);
        } catch (IOException e) {
            // removed with this process
        }
    }

    private void settle() {
        if (!settled) {
            say(0);
            settled = true;
        }
    }

    /** The rest of a cycle whose design has settled. */
    private void edge() {
        var said = new ArrayList<String>();
        long rising = clocks.advance();
        for (; (rising & 1) == 0; rising = clocks.advance()) {
            said.addAll(say(rising));
            said.addAll(say(0));
        }
        if (!clockNames.isEmpty()) {
            said.addAll(say(rising));
            settled = false;
        }
        cycle++;
        if (!said.isEmpty()) {
            speech.hear(cycle - 1, said);
        }
    }

    /** Drives all inputs, with some clocks high, and takes the outputs; what the design printed meanwhile. */
    private List<String> say(long high) {
        if (closed) {
            throw new SimulationException("the simulation of " + circuit.top().name() + " is closed");
        }
        var line = new StringBuilder();
        Module top = circuit.top();
        if (top.usesClock()) {
            line.append(high & 1);
        }
        if (top.usesReset()) {
            line.append(inReset != top.reset().activeLow() ? '1' : '0');
        }
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).direction() != Direction.IN) {
                continue;
            }
            int clock = clockNames.indexOf(ports.get(i).name());
            for (int bit = ports.get(i).type().width() - 1; bit >= 0; bit--) {
                line.append((clock >= 0 ? high >>> clock : inputs[i][bit >> 6] >>> bit) & 1);
            }
        }
        var said = new ArrayList<String>();
        try {
            to.append(line).append("0\n").flush();
            String answer = from.readLine();
            for (; answer != null && answer.indexOf(MARK) != 0; answer = from.readLine()) {
                said.add(IcarusEngine.named(answer));
            }
            if (answer != null) {
                outputs = answer.substring(1);
                return said;
            }
        } catch (IOException e) {
            said.add(String.valueOf(e.getMessage()));
        }
        if (closed) {
            throw new SimulationException("the simulation of " + top.name() + " was closed while it ran");
        }
        close();
        throw new ToolException(
                "vvp",
                "vvp, which simulates " + top.name() + ", ended in or after cycle " + cycle + ": "
                        + (said.isEmpty() ? "it said nothing" : String.join("; ", said)),
                null);
    }

    private int words(int port) {
        return (ports.get(port).type().width() + 63) / 64;
    }
}
