// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import dev.lutra.sim.build.Cleanup;
import dev.lutra.sim.build.Command;
import dev.lutra.sim.build.ContentCache;
import dev.lutra.sim.build.Digest;
import dev.lutra.sim.engine.ToolException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * Builds the three things the engine runs on, each kept in the cache: the shim, Verilator's run time (once per version of
 * the tools) and the library of a design. Two tool runs make a design: Verilator, and one compiler call over all of its
 * files at once, which compiles in about half the time of one call per file.
 */
final class ModelBuilder {
    static final String LIBRARY = "model.so";
    static final String SHIM = "lutra_shim.so";
    private static final List<String> RUNTIME_SOURCES = List.of("verilated", "verilated_threads");
    private static final List<String> HEADERS = List.of("lutra_model.h", "lutra_runtime.h", "lutra_glue.h");
    private static final String RUNTIME = "lutra_runtime.cc";

    /**
     * 5.006 computes wrong parities of words with constants in them where it optimises trees of bit operations. A comparison that
     * turns out to be constant, when constants have been put where they are used, is no reason to stop.
     */
    private static final List<String> VERILATOR_FLAGS = List.of(
            "--cc",
            "-O3",
            "-fno-const-bit-op-tree",
            "--assert",
            "--prefix",
            "Vmodel",
            "-Mdir",
            ".",
            "+1364-2005ext+v",
            "-Wno-SYMRSVDWORD",
            "-Wno-UNSIGNED",
            "-Wno-CMPCONST");

    /**
     * Unique symbols would keep a library mapped for ever. The macros are those that Verilator's own makefile would give.
     */
    private static final List<String> COMPILER_FLAGS = List.of(
            "-std=gnu++17",
            "-fPIC",
            "-fvisibility=hidden",
            "-fno-gnu-unique",
            "-faligned-new",
            "-w",
            "-DVERILATOR=1",
            "-DVM_COVERAGE=0",
            "-DVM_SC=0");

    /**
     * Measured with g++ 12: -O1 runs 5 % slower on the default accelerator and 20 % on an array of 8 x 8; -O3 is no faster than -O2. What is
     * switched off costs an eighth of the time to compile and gains nothing.
     */
    private static final List<String> OPTIMISED = List.of(
            "-O2",
            "-fno-tree-vrp",
            "-fno-tree-pre",
            "-fno-ipa-icf",
            "-fno-ipa-cp",
            "-fno-code-hoisting",
            "-fno-tree-loop-vectorize",
            "-fno-tree-slp-vectorize");

    private final ContentCache cache;
    private final Toolchain tools;
    private final Consumer<String> progress;

    private ModelBuilder(ContentCache cache, Toolchain tools, Consumer<String> progress) {
        this.cache = cache;
        this.tools = tools;
        this.progress = progress;
    }

    static ModelBuilder create(VerilatorOptions options, ContentCache cache) throws InterruptedException {
        String path = options.environment().getOrDefault("PATH", "");
        return new ModelBuilder(cache, Toolchain.find(path, cache), options.progress());
    }

    /** The library with the functions of {@link Shim}. */
    Path shim() throws InterruptedException {
        List<String> flags =
                List.of("-std=gnu++17", "-O2", "-fPIC", "-shared", "-fvisibility=hidden", "-fno-gnu-unique");
        List<String> names = List.of("lutra_shim.cc", "lutra_axi.h", "lutra_model.h");
        String key = key(flags, texts(names));
        Path entry = cache.get("shim", key, directory -> {
            copy(names, directory);
            List<String> words = new ArrayList<>(List.of(tools.compiler().toString()));
            words.addAll(flags);
            words.addAll(List.of("-o", SHIM, "lutra_shim.cc", "-ldl"));
            run("g++", words, directory, "the native part of the simulator", directory.resolve(SHIM));
            deleteAll(names, directory);
        });
        return entry.resolve(SHIM);
    }

    /** The library of a design. */
    Path model(DesignSource design, boolean trace, boolean quick) throws InterruptedException {
        List<String> flags = new ArrayList<>(COMPILER_FLAGS);
        flags.addAll(quick ? List.of("-O0") : OPTIMISED);
        flags.add("-DVM_TRACE=" + (trace ? 1 : 0));
        List<String> parts = new ArrayList<>(VERILATOR_FLAGS);
        parts.add(Glue.write(design, trace, "", "", "", List.of()));
        parts.add(design.top());
        parts.addAll(texts(HEADERS));
        parts.add(resource(RUNTIME)); // linked into it
        design.verilog().forEach((name, text) -> {
            parts.add(name);
            parts.add(text);
        });
        Path entry = cache.get("model", key(flags, parts), directory -> {
            progress.accept("building a Verilator model of " + design.top() + " (first time only)");
            build(design, trace, flags, directory);
        });
        return entry.resolve(LIBRARY);
    }

    private void build(DesignSource design, boolean trace, List<String> flags, Path directory)
            throws IOException, InterruptedException {
        FutureTask<Path> runtime = new FutureTask<>(() -> runtime(trace));
        Thread other = new Thread(runtime, "lutra-build-runtime");
        other.start();
        try {
            Path work = Files.createDirectory(directory.resolve("work"));
            verilate(design, trace, work);
            copy(HEADERS, work);
            Files.writeString(
                    work.resolve("lutra_glue.cc"),
                    Glue.write(
                            design,
                            trace,
                            Files.readString(work.resolve("Vmodel.h")),
                            Files.readString(work.resolve("Vmodel___024root.h")),
                            Files.readString(work.resolve("Vmodel.cpp")),
                            functions(work)));
            StringBuilder unity = new StringBuilder();
            try (DirectoryStream<Path> sources = Files.newDirectoryStream(work, "Vmodel*.cpp")) {
                List<String> names = new ArrayList<>();
                sources.forEach(source -> names.add(source.getFileName().toString()));
                names.stream().sorted().forEach(name -> unity.append("#include \"" + name + "\"\n"));
            }
            unity.append("#include \"lutra_glue.cc\"\n");
            Files.writeString(work.resolve("all.cc"), unity);

            List<String> words = compiler(flags);
            words.addAll(List.of("-I.", "-shared", "-o", "../" + LIBRARY, "all.cc"));
            for (String object : objects(trace)) {
                words.add(await(runtime).resolve(object + ".o").toString());
            }
            words.add("-lpthread");
            run("g++", words, work, "the model of " + design.top(), directory.resolve(LIBRARY));
            Cleanup.delete(work);
        } finally {
            other.interrupt();
            other.join();
        }
    }

    private static List<String> functions(Path work) throws IOException {
        List<String> texts = new ArrayList<>();
        try (DirectoryStream<Path> sources = Files.newDirectoryStream(work, "Vmodel_*__DepSet_*.cpp")) {
            for (Path source : sources) {
                if (!source.toString().endsWith("__Slow.cpp")) {
                    texts.add(Files.readString(source));
                }
            }
        }
        return texts;
    }

    private void verilate(DesignSource design, boolean trace, Path work) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(tools.verilator().toString()));
        words.addAll(VERILATOR_FLAGS);
        if (trace) {
            words.addAll(List.of("--trace", "--trace-underscore"));
        }
        if (design.foreign()) {
            words.add("-Wno-fatal");
        }
        boolean wrapped = Glue.needsWrapper(design);
        words.addAll(List.of("--top-module", wrapped ? "lutra_wrapper" : design.top()));
        for (Map.Entry<String, String> file : design.verilog().entrySet()) {
            Files.writeString(work.resolve(file.getKey()), file.getValue());
            words.add(file.getKey());
        }
        if (wrapped) {
            Files.writeString(work.resolve("lutra_wrapper.v"), Glue.wrapper(design));
            words.add("lutra_wrapper.v");
        }
        String what = "the Verilog of " + design.top();
        try {
            run("verilator", words, work, what, work.resolve("Vmodel.h"));
        } catch (ToolException e) {
            if (!String.valueOf(e.getMessage()).contains("Internal Error")) {
                throw e;
            }
            // Verilator 5.006 stumbles over some equal blocks that it wants to merge ("Consumer doesn't match lhs of
            // assign").
            words.add("-fno-dedup");
            run("verilator", words, work, what, work.resolve("Vmodel.h"));
        }
    }

    /** Object files of Verilator's run time with our functions in it. */
    private Path runtime(boolean trace) throws InterruptedException {
        List<String> flags = new ArrayList<>(COMPILER_FLAGS);
        flags.add("-O2");
        flags.add("-DVM_TRACE=" + (trace ? 1 : 0));
        List<String> names = List.of(RUNTIME, "lutra_runtime.h", "lutra_model.h");
        List<String> parts = texts(names);
        parts.addAll(objects(trace));
        return cache.get("runtime", key(flags, parts), directory -> {
            progress.accept("building Verilator's run time (once per machine)");
            copy(names, directory);
            for (String object : objects(trace)) {
                Path source = object.startsWith("verilated")
                        ? tools.include().resolve(object + ".cpp")
                        : Path.of(object + ".cc");
                List<String> words = compiler(flags);
                words.addAll(List.of("-I.", "-c", source.toString(), "-o", object + ".o"));
                run("g++", words, directory, "Verilator's run time", directory.resolve(object + ".o"));
            }
            deleteAll(names, directory);
        });
    }

    private static List<String> objects(boolean trace) {
        List<String> objects = new ArrayList<>(RUNTIME_SOURCES);
        if (trace) {
            objects.add("verilated_vcd_c");
        }
        objects.add("lutra_runtime");
        return objects;
    }

    private List<String> compiler(List<String> flags) {
        List<String> words = new ArrayList<>(List.of(tools.compiler().toString()));
        words.addAll(flags);
        words.addAll(List.of(
                "-include",
                "lutra_runtime.h",
                "-I" + tools.include(),
                "-I" + tools.include().resolve("vltstd")));
        return words;
    }

    private String key(List<String> flags, List<String> parts) {
        List<String> all = new ArrayList<>(List.of(
                tools.verilatorVersion(),
                tools.include().toString(),
                tools.compilerVersion(),
                System.getProperty("os.arch"),
                Integer.toString(flags.size())));
        all.addAll(flags);
        all.addAll(parts);
        return Digest.of(all);
    }

    private void run(String tool, List<String> words, Path directory, String what, Path product)
            throws InterruptedException {
        Command.Result result = Command.run(words, directory, tools.searchPath());
        if (result.exit() == 0) {
            if (!Files.isRegularFile(product)) {
                throw new ToolException(
                        tool,
                        "%s said that it built %s, but wrote no %s (it is %s)"
                                .formatted(tool, what, product.getFileName(), words.get(0)),
                        "a program of that name that does not do its work stands on the PATH");
            }
            return;
        }
        String error = Toolchain.firstError(result.output());
        if (error != null && error.contains("No space left on device")) {
            throw cache.noSpace(null);
        }
        boolean killed = result.exit() > 128 || error != null && error.contains("Killed signal");
        throw new ToolException(
                tool,
                tool + " could not build " + what + ": "
                        + (error != null ? error : "exit code " + result.exit() + " without a message"),
                killed ? "the program was killed: is there enough memory?" : null);
    }

    private static Path await(FutureTask<Path> task) throws InterruptedException, IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
    }

    private static List<String> texts(List<String> names) {
        List<String> texts = new ArrayList<>();
        names.forEach(name -> texts.add(resource(name)));
        return texts;
    }

    private static void copy(List<String> names, Path to) throws IOException {
        for (String name : names) {
            Files.writeString(to.resolve(name), resource(name));
        }
    }

    private static void deleteAll(List<String> names, Path from) throws IOException {
        for (String name : names) {
            Files.delete(from.resolve(name));
        }
    }

    private static String resource(String name) {
        try (InputStream stream = ModelBuilder.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new AssertionError("resource " + name + " is missing from the jar");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
