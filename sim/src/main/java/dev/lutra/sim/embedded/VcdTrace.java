// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Type;
import dev.lutra.sim.engine.SimulationException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Writes the named signals of a design as a value change dump (IEEE 1364-2005, section 18). Cycle c is time 2 c, where the
 * design has settled and the clock is low, and time 2 c + 1 after the rising edge.
 */
final class VcdTrace implements AutoCloseable {
    /** A signal with an identifier of its own; others with the same value share it. */
    private static final class Variable {
        final String id;
        final int width;
        final boolean inInts;
        final int slot;
        final long[] last;

        Variable(String id, Value v, int slot) {
            this.id = id;
            this.width = v.width;
            this.inInts = v.isInt();
            this.slot = slot;
            this.last = new long[v.words()];
        }
    }

    private final Path path;
    private final CompiledDesign compiled;
    private final BufferedWriter out;
    private final List<Variable> variables = new ArrayList<>();
    private final Map<Value, String> ids = new HashMap<>();
    private final String clock = nextId();
    private final String reset = nextId();
    private int idCount;
    private boolean first = true;
    private boolean lastReset;
    private final boolean activeLow;

    /**
     * Writes the header.
     *
     * @param compiled a compilation that keeps all named signals
     */
    VcdTrace(Path path, Module top, CompiledDesign compiled) {
        this.path = path;
        this.activeLow = top.reset().activeLow();
        this.compiled = compiled;
        try {
            out = Files.newBufferedWriter(path, StandardCharsets.US_ASCII);
            out.write("$version Lutra embedded simulator $end\n$timescale 1ps $end\n");
            out.write("$scope module " + top.name() + " $end\n");
            out.write("$var wire 1 " + clock + " clk $end\n$var wire 1 " + reset + " "
                    + top.reset().portName() + " $end\n");
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
            String id = ids.get(v);
            if (id == null) {
                id = nextId();
                ids.put(v, id);
                variables.add(new Variable(id, v, compiled.slot(v)));
            }
            if (signal.type() instanceof Type.Fixed fixed) {
                out.write("$comment " + signal.name() + ": " + fixed.format() + " $end\n");
            }
            if (signal.type() instanceof Type.Enumeration names) {
                var codes = new StringJoiner(", ");
                for (int i = 0; i < names.values().size(); i++) {
                    codes.add(names.codes().get(i) + " = " + names.values().get(i));
                }
                out.write("$comment " + signal.name() + ": " + codes + " $end\n");
            }
            String range = v.width == 1 ? "" : " [" + (v.width - 1) + ":0]";
            out.write("$var wire " + v.width + " " + id + " " + signal.name() + range + " $end\n");
        }
        enter(scope, List.of());
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

    /** Writes what changed. */
    void record(long time, boolean clockHigh, boolean inReset) {
        try {
            out.write("#" + time + "\n");
            out.write((clockHigh ? "1" : "0") + clock + "\n");
            if (first || inReset != lastReset) {
                out.write((inReset != activeLow ? "1" : "0") + reset + "\n");
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
