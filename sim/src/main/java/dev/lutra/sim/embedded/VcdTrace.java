// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Type;
import dev.lutra.sim.engine.Clocks;
import dev.lutra.sim.engine.SimulationException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the named signals of a design as a value change dump (IEEE 1364-2005, section 18). Cycle c is time 2 c, where the
 * design has settled and the clock is low, and time 2 c + 1 after the rising edge.
 *
 * <p>Signals have the names and the bits that they have in the Verilog; signed ones are of VCD's type {@code integer}. Beside an
 * enumeration {@code x} stands {@code x$name}, a variable of type {@code string} (an extension which GTKWave's readers and others
 * have), beside a fixed-point number {@code x$value} of type {@code real}, rounded where its bits do not fit a double.
 */
final class VcdTrace implements AutoCloseable {
    /** A signal with an identifier of its own; others with the same value share it. */
    private static final class Variable {
        final String id;
        final int width;
        final boolean inInts;
        final int slot;
        final long[] last;
        final List<View> views = new ArrayList<>();

        Variable(String id, Value v, int slot) {
            this.id = id;
            this.width = v.width;
            this.inInts = v.isInt();
            this.slot = slot;
            this.last = new long[v.words()];
        }
    }

    /** A signal once more, as people read its type. */
    private record View(String id, Type type) {
        static boolean of(Type type) {
            return type instanceof Type.Enumeration || type instanceof Type.Fixed;
        }

        String kind() {
            return type instanceof Type.Fixed ? "real 64" : "string 1";
        }

        String suffix() {
            return type instanceof Type.Fixed ? "$value" : "$name";
        }

        String text(BigInteger bits) {
            if (type instanceof Type.Fixed fixed) {
                return "r" + Math.scalb(fixed.wrap(bits).doubleValue(), -fixed.fractionBits());
            }
            String name = ((Type.Enumeration) type).nameOf(bits);
            return "s" + (name == null ? "?" : name);
        }
    }

    private final Path path;
    private final CompiledDesign compiled;
    private final BufferedWriter out;
    private final List<Variable> variables = new ArrayList<>();
    private final Map<Value, Variable> known = new HashMap<>();
    /** By number. */
    private final List<String> clocks = new ArrayList<>();
    /** Inputs that are clocks. */
    private final Map<Value, String> clockPorts = new HashMap<>();

    private final String reset = nextId();
    private int idCount;
    private boolean first = true;
    private long high;
    private boolean lastReset;
    private final Module top;

    /**
     * Writes the header.
     *
     * @param compiled a compilation that keeps all named signals
     */
    VcdTrace(Path path, Module top, CompiledDesign compiled) {
        this.path = path;
        this.top = top;
        this.compiled = compiled;
        for (String name : Clocks.of(top)) {
            String id = nextId();
            clocks.add(id);
            for (Design.Input input : compiled.design().inputs()) {
                if (input.port().name().equals(name)) {
                    clockPorts.put(input.value(), id);
                }
            }
        }
        try {
            out = Files.newBufferedWriter(path, StandardCharsets.US_ASCII);
            out.write("$version Lutra embedded simulator $end\n$timescale 1ps $end\n");
            out.write("$scope module " + top.name() + " $end\n");
            if (top.usesClock()) {
                out.write("$var wire 1 " + clocks.get(0) + " clk $end\n");
            }
            if (top.usesReset()) {
                out.write("$var wire 1 " + reset + " " + top.reset().portName() + " $end\n");
            }
            declare();
            out.write("$upscope $end\n$enddefinitions $end\n");
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private void declare() throws IOException {
        List<String> scope = List.of();
        for (Design.Named signal : compiled.design().signals()) {
            scope = enter(scope, signal.scope());
            Value v = signal.value();
            String clock = clockPorts.get(v);
            if (clock != null) {
                out.write("$var wire 1 " + clock + " " + signal.name() + " $end\n");
                continue;
            }
            Variable variable = known.get(v);
            if (variable == null) {
                variable = new Variable(nextId(), v, compiled.slot(v));
                known.put(v, variable);
                variables.add(variable);
            }
            Type type = signal.type();
            String kind = type.signed() ? "integer " : "wire ";
            String range = v.width == 1 ? "" : " [" + (v.width - 1) + ":0]";
            out.write("$var " + kind + v.width + " " + variable.id + " " + signal.name() + range + " $end\n");
            if (type instanceof Type.Fixed fixed) {
                out.write("$comment " + signal.name() + ": " + fixed.format() + " $end\n");
            }
            if (View.of(type)) {
                View view = view(variable, type);
                out.write("$var " + view.kind() + " " + view.id() + " " + signal.name() + view.suffix() + " $end\n");
            }
        }
        enter(scope, List.of());
    }

    private View view(Variable variable, Type type) {
        for (View view : variable.views) {
            if (view.type().equals(type)) {
                return view;
            }
        }
        var view = new View(nextId(), type);
        variable.views.add(view);
        return view;
    }

    private List<String> enter(List<String> from, List<String> to) throws IOException {
        int common = 0;
        while (common < from.size() && common < to.size() && from.get(common).equals(to.get(common))) {
            common++;
        }
        for (int i = from.size(); i > common; i--) {
            out.write("$upscope $end\n");
        }
        for (String name : to.subList(common, to.size())) {
            out.write("$scope module " + name + " $end\n");
        }
        return to;
    }

    private String nextId() {
        var id = new StringBuilder();
        for (int n = idCount++; n >= 0; n = n / 94 - 1) {
            id.append((char) ('!' + n % 94));
        }
        return id.toString();
    }

    /**
     * Writes what changed.
     *
     * @param risen the clocks that are high, a bit each
     */
    void record(long time, long risen, boolean inReset) {
        try {
            out.write("#" + time + "\n");
            for (int i = 0; i < clocks.size(); i++) {
                if (first || ((risen ^ high) >> i & 1) != 0) {
                    out.write((risen >> i & 1) + clocks.get(i) + "\n");
                }
            }
            high = risen;
            if (top.usesReset() && (first || inReset != lastReset)) {
                out.write((inReset != top.reset().activeLow() ? "1" : "0") + reset + "\n");
                lastReset = inReset;
            }
            for (Variable variable : variables) {
                if (changed(variable) || first) {
                    write(variable);
                }
            }
            first = false;
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private boolean changed(Variable variable) {
        if (variable.inInts) {
            int now = compiled.ints[variable.slot];
            boolean changed = now != variable.last[0];
            variable.last[0] = now;
            return changed;
        }
        int to = variable.slot + variable.last.length;
        if (Arrays.equals(variable.last, 0, variable.last.length, compiled.longs, variable.slot, to)) {
            return false;
        }
        System.arraycopy(compiled.longs, variable.slot, variable.last, 0, variable.last.length);
        return true;
    }

    private void write(Variable variable) throws IOException {
        if (variable.width == 1) {
            out.write((variable.last[0] & 1) != 0 ? '1' : '0');
        } else {
            out.write('b');
            int bit = variable.width - 1;
            while (bit > 0 && !bit(variable, bit)) {
                bit--;
            }
            for (; bit >= 0; bit--) {
                out.write(bit(variable, bit) ? '1' : '0');
            }
            out.write(' ');
        }
        out.write(variable.id);
        out.write('\n');
        if (!variable.views.isEmpty()) {
            BigInteger bits = bits(variable);
            for (View view : variable.views) {
                out.write(view.text(bits) + " " + view.id() + "\n");
            }
        }
    }

    private static BigInteger bits(Variable variable) {
        BigInteger bits = BigInteger.ZERO;
        for (int word = variable.last.length - 1; word >= 0; word--) {
            bits = bits.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(variable.last[word])));
        }
        return bits.and(BigInteger.ONE.shiftLeft(variable.width).subtract(BigInteger.ONE));
    }

    private static boolean bit(Variable variable, int bit) {
        return (variable.last[bit >> 6] >>> bit & 1) != 0;
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private SimulationException cannotWrite(IOException e) {
        return new SimulationException("cannot write the trace " + path + ": " + e, e);
    }
}
