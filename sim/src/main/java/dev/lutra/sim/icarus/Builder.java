// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.sim.build.Cleanup;
import dev.lutra.sim.build.Command;
import dev.lutra.sim.build.ContentCache;
import dev.lutra.sim.build.Digest;
import dev.lutra.sim.engine.ToolException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Builds our module in the simulator (once per version of the tools) and the design for it; both are kept in the cache. */
final class Builder {
    private static final List<String> MODULE_FLAGS =
            List.of("-std=gnu++17", "-O2", "-fPIC", "-shared", "-fvisibility=hidden", "-pthread", "-U_FORTIFY_SOURCE");
    private static final String SOURCE = "lutra_vpi.cc";
    /** A statement on a line of its own, as the writer of Verilog has it. */
    private static final Pattern ENDING = Pattern.compile("(?m)^ *\\$(stop|finish);$");

    private static final String PROGRAM = "design.vvp";

    private final ContentCache cache;
    private final Toolchain tools;
    private final Consumer<String> progress;

    Builder(ContentCache cache, Toolchain tools, Consumer<String> progress) {
        this.cache = cache;
        this.tools = tools;
        this.progress = progress;
    }

    /** A directory with the module {@code lutra}. */
    Path module() throws InterruptedException {
        Map<String, String> sources = new LinkedHashMap<>();
        sources.put(SOURCE, resource(SOURCE));
        // The memory is the same source as behind the Verilator engine.
        for (String name : List.of("lutra_axi.h", "lutra_model.h")) {
            sources.put(name, resource("/dev/lutra/sim/verilator/" + name));
        }
        List<String> parts = new ArrayList<>(List.of(
                tools.version(), tools.compilerVersion(), tools.include().toString()));
        parts.add(System.getProperty("os.arch"));
        parts.addAll(MODULE_FLAGS);
        parts.addAll(sources.values());
        return cache.get("vpi", Digest.of(parts), directory -> {
            progress.accept("building the module of the Icarus engine (once per machine)");
            for (Map.Entry<String, String> source : sources.entrySet()) {
                Files.writeString(directory.resolve(source.getKey()), source.getValue());
            }
            List<String> words = new ArrayList<>(List.of(String.valueOf(tools.compiler())));
            words.addAll(MODULE_FLAGS);
            words.addAll(List.of("-I" + tools.include(), "-o", "lutra.vpi", SOURCE));
            run("g++", words, directory, "the module of the Icarus engine", directory.resolve("lutra.vpi"));
            for (String name : sources.keySet()) {
                Files.delete(directory.resolve(name));
            }
        });
    }

    /** The design and the test bench around it, to be run by vvp with our module. */
    Path design(Circuit circuit) throws InterruptedException {
        Map<String, String> files = new TreeMap<>();
        VerilogWriter.writeModels(circuit).forEach(file -> files.put(file.name(), file.text()));
        files.put(Bench.NAME + ".v", Bench.of(circuit.top()));
        return compiled(circuit, files);
    }

    /** The same for vvp alone, which $stop and $finish would end: what they follow says it all. */
    Path plain(Circuit circuit) throws InterruptedException {
        Map<String, String> files = new TreeMap<>();
        VerilogWriter.writeModels(circuit)
                .forEach(file ->
                        files.put(file.name(), ENDING.matcher(file.text()).replaceAll(";")));
        files.put(Bench.NAME + ".v", PlainEngine.bench(circuit.top()));
        return compiled(circuit, files);
    }

    private Path compiled(Circuit circuit, Map<String, String> files) throws InterruptedException {
        boolean system = files.keySet().stream().anyMatch(name -> name.endsWith(".sv"));
        List<String> flags = List.of(system ? "-g2012" : "-g2005", "-s", Bench.NAME);
        List<String> parts = new ArrayList<>(flags);
        parts.add(tools.version());
        parts.add(tools.iverilog().toString());
        files.forEach((name, text) -> {
            parts.add(name);
            parts.add(text);
        });
        Path entry = cache.get("icarus", Digest.of(parts), directory -> {
            progress.accept("compiling " + circuit.top().name() + " for Icarus (first time only)");
            Path work = Files.createDirectory(directory.resolve("work"));
            List<String> words = new ArrayList<>(List.of(tools.iverilog().toString()));
            words.addAll(flags);
            words.addAll(List.of("-o", "../" + PROGRAM));
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(work.resolve(file.getKey()), file.getValue());
                words.add(file.getKey());
            }
            run("iverilog", words, work, "the Verilog of " + circuit.top().name(), directory.resolve(PROGRAM));
            Cleanup.delete(work);
        });
        return entry.resolve(PROGRAM);
    }

    private void run(String tool, List<String> words, Path directory, String what, Path product)
            throws InterruptedException {
        Command.Result result = Command.run(words, directory, tools.searchPath());
        if (result.exit() == 0 && Files.isRegularFile(product)) {
            return;
        }
        String error = Toolchain.firstError(result.output());
        if (error != null && error.contains("No space left on device")) {
            throw cache.noSpace(null);
        }
        throw new ToolException(
                tool,
                tool + " could not build " + what + ": "
                        + (error != null ? error : "exit code " + result.exit() + " without a message"),
                result.exit() > 128 ? "the program was killed: is there enough memory?" : null);
    }

    private static String resource(String name) {
        try (InputStream stream = Builder.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new AssertionError("resource " + name + " is missing from the jar");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
