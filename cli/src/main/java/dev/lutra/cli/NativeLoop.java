// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a user of Verilator writes by hand: a C++ program that loops over rows of stimulus around the Verilated model of a design, with nothing of
 * our simulator in it. {@code native_loop.cc} is its main function; the copying of rows is generated, with plain assignments.
 */
final class NativeLoop {
    static final List<String> LEVELS = List.of("-O1", "-O2", "-O3");

    private final Path folder;
    private final String include;

    /** Translates a design in a folder of its own. */
    NativeLoop(BenchDesign bench, Path folder) throws IOException {
        this.folder = folder;
        Circuit circuit = bench.design().circuit();
        include = run(List.of("verilator", "--getenv", "VERILATOR_ROOT")).strip() + "/include";
        List<String> words = new ArrayList<>(List.of(
                "verilator",
                "--cc",
                "-O3",
                "-Wno-lint",
                "+1364-2005ext+v",
                "--prefix",
                "Vmodel",
                "-Mdir",
                ".",
                "--top-module",
                circuit.top().name()));
        for (VerilogFile file : VerilogWriter.write(circuit)) {
            Files.writeString(folder.resolve(file.name()), file.text());
            words.add(file.name());
        }
        run(words);
        Files.writeString(folder.resolve("rows.h"), rows(circuit.top(), bench.inputPorts(), bench.outputPorts()));
        try (InputStream main = NativeLoop.class.getResourceAsStream("native_loop.cc")) {
            Files.write(folder.resolve("native_loop.cc"), main.readAllBytes());
        }
        List<String> sources;
        try (Stream<Path> files = Files.list(folder)) {
            sources = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("Vmodel") && name.endsWith(".cpp"))
                    .sorted()
                    .toList();
        }
        StringBuilder all = new StringBuilder();
        for (String source : sources) {
            all.append("#include \"").append(source).append("\"\n");
        }
        Files.writeString(folder.resolve("all.cc"), all);
    }

    /** Where the program of a level is or will be. */
    Path program(String level) {
        return folder.resolve("native" + level);
    }

    /** Compiles the program, Verilator's run time with it. */
    void compile(String level) throws IOException {
        run(List.of(
                "g++",
                "-std=gnu++17",
                "-faligned-new",
                "-w",
                level,
                "-DVERILATOR=1",
                "-DVM_COVERAGE=0",
                "-DVM_SC=0",
                "-DVM_TRACE=0",
                "-I.",
                "-I" + include,
                "-I" + include + "/vltstd",
                "-o",
                program(level).toString(),
                "native_loop.cc",
                "all.cc",
                include + "/verilated.cpp",
                include + "/verilated_threads.cpp",
                "-lpthread"));
    }

    private String run(List<String> words) throws IOException {
        Process process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(words.get(0) + " failed: " + output.strip());
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** How rows of 64-bit words come into the model and out of it, as dev.lutra.sim.Batch lays these ports out. */
    static String rows(Module top, List<Port> inputs, List<Port> outputs) {
        StringBuilder load = new StringBuilder();
        StringBuilder store = new StringBuilder();
        int in = 0;
        for (Port port : inputs) {
            if (port.type() instanceof Type.Clock || port.type() instanceof Type.Reset) {
                throw new IllegalArgumentException("one clock and one reset, not " + port.name());
            }
            int width = port.type().width();
            load.append(
                    width <= 64
                            ? "  %s = row[%d];\n".formatted(member(port), in)
                            : "  memcpy(%s.data(), row + %d, %d);\n"
                                    .formatted(member(port), in, (width + 31) / 32 * 4));
            in += words(port);
        }
        int out = 0;
        for (Port port : outputs) {
            int width = port.type().width();
            int words = words(port);
            if (words > 1 && (port.type().signed() || width % 32 != 0)) {
                throw new IllegalArgumentException(port.name() + " is signed or of odd width, and wide");
            }
            store.append(
                    words > 1
                            ? "  row[%d] = 0; memcpy(row + %d, %s.data(), %d);\n"
                                    .formatted(out + words - 1, out, member(port), width / 8)
                            : port.type().signed()
                                    ? "  row[%d] = int64_t(uint64_t(%s) << %d) >> %d;\n"
                                            .formatted(out, member(port), 64 - width, 64 - width)
                                    : "  row[%d] = %s;\n".formatted(out, member(port)));
            out += words;
        }
        ResetKind reset = top.reset();
        String set =
                top.usesReset() ? "  top." + reset.portName() + " = on != " + (reset.activeLow() ? 1 : 0) + ";\n" : "";
        return """
                enum { IN_WORDS = %d, OUT_WORDS = %d };
                static inline void load(Vmodel& top, const uint64_t* row) {
                %s}
                static inline void store(const Vmodel& top, uint64_t* row) {
                %s}
                static inline void reset(Vmodel& top, int on) {
                %s}
                """.formatted(in, out, load, store, set);
    }

    private static String member(Port port) {
        return "top." + port.name().replace("__", "___05F");
    }

    private static int words(Port port) {
        return (port.type().width() + 63) / 64;
    }
}
