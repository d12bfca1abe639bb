// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

import dev.lutra.hdl.ir.Module;
import dev.lutra.sim.engine.SimulationException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the trace of the user from what the simulator has dumped: without the test bench around the design, and in the time of
 * the other engines, where cycle c is time 2 c, and 2 c + 1 after the rising edge.
 */
final class Dump {
    /** {@code HALF} of {@code lutra_vpi.cc}. */
    private static final long HALF = 5000;

    private Dump() {}

    /** Writes the trace; a dump that is not there makes a trace of nothing. */
    static void write(Path dumped, Path vcd, Module top) {
        try (BufferedWriter out = Files.newBufferedWriter(vcd, StandardCharsets.ISO_8859_1)) {
            out.write("$version Lutra with Icarus Verilog $end\n$timescale 1ps $end\n");
            if (Files.notExists(dumped)) {
                out.write("$scope module " + top.name() + " $end\n$upscope $end\n$enddefinitions $end\n");
                return;
            }
            try (BufferedReader in = Files.newBufferedReader(dumped, StandardCharsets.ISO_8859_1)) {
                header(in, out);
                changes(in, out);
            }
        } catch (IOException e) {
            throw new SimulationException("cannot write the trace " + vcd + ": " + e, e);
        }
    }

    /** Scopes below the test bench's own. */
    private static void header(BufferedReader in, BufferedWriter out) throws IOException {
        int depth = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("$enddefinitions")) {
                out.write("$enddefinitions $end\n");
                return;
            }
            boolean opens = line.startsWith("$scope");
            boolean closes = line.startsWith("$upscope");
            depth -= closes ? 1 : 0;
            if ((opens || closes || line.startsWith("$var")) && depth > 0) {
                out.write(line + "\n");
            }
            depth += opens ? 1 : 0;
        }
    }

    private static void changes(BufferedReader in, BufferedWriter out) throws IOException {
        for (String line = in.readLine(); line != null && !line.startsWith("$dumpoff"); line = in.readLine()) {
            if (line.startsWith("#")) {
                out.write("#" + Long.parseLong(line.substring(1)) / HALF + "\n");
            } else if (!line.startsWith("$")) {
                out.write(line + "\n");
            }
        }
    }
}
