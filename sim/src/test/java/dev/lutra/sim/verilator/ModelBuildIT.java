// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.engine.ToolException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens between Verilog and an open model. */
class ModelBuildIT {
    @TempDir
    static Path cache;

    @BeforeAll
    static void tools() {
        Designs.needTools();
    }

    private static VerilatorOptions options() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("XDG_CACHE_HOME", cache.toString());
        return VerilatorOptions.defaults().withEnvironment(environment);
    }

    @Test
    void twoProcessesBuildAtOnceAndADamagedModelIsBuiltAgain() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    ToolFailureTest.BuildAdder.class.getName());
            builder.environment().put("XDG_CACHE_HOME", cache.toString());
            processes.add(builder.redirectErrorStream(true).start());
        }
        int built = 0;
        for (Process process : processes) {
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output).endsWith("[23, 17]\n");
            built += output.contains("building a Verilator model of adder (first time only)") ? 1 : 0;
        }
        assertThat(built).as("the second waits for the first").isEqualTo(1);

        List<String> progress = new ArrayList<>();
        VerilatorEngine.open(Designs.adder(), options().withProgress(progress::add))
                .close();
        assertThat(progress).isEmpty();
        try (Stream<Path> files = Files.walk(cache)) {
            files.filter(f -> f.endsWith("model.so")).forEach(ModelBuildIT::cut);
        }
        try (VerilatorEngine adder =
                VerilatorEngine.open(Designs.adder(), options().withProgress(progress::add))) {
            assertThat(progress).containsExactly("building a Verilator model of adder (first time only)");
            adder.poke(0, 1);
            assertThat(adder.peek(2)).isEqualTo(1);
        }
    }

    /** The JVM loads a native library for one class loader: another one gets a copy. */
    @Test
    void aSecondClassLoaderHasTheEngineToo() throws Exception {
        VerilatorEngine.open(Designs.adder(), VerilatorOptions.defaults()).close();
        var path = new ArrayList<URL>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            path.add(Path.of(part).toUri().toURL());
        }
        try (var loader = new URLClassLoader(path.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Class<?> same = loader.loadClass(ToolFailureTest.BuildAdder.class.getName());
            assertThat(same).isNotSameAs(ToolFailureTest.BuildAdder.class);
            var main = same.getMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[0]);
        }
    }

    private static void cut(Path file) {
        try {
            Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 5000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The compiler has written half a library when the JVM is killed, and goes on living. */
    @Test
    @Timeout(300)
    void aBuildThatIsKilledLeavesACacheThatWorks(@TempDir Path folder) throws Exception {
        VerilatorEngine.open(Designs.adder(), options()).close(); // shim and run time are there
        Path compiler = Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, "g++"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
        Path pid = folder.resolve("pid");
        Path half = Files.writeString(folder.resolve("g++"), """
                #!/bin/sh
                case "$*" in *all.cc*) ;; *) exec %s "$@" ;; esac
                for word; do
                  case $before in -o) echo half > "$word" ;; esac
                  before=$word
                done
                echo $$ > %s.new
                mv %s.new %s
                exec sleep 300
                """.formatted(compiler, pid, pid, pid));
        Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rwxr-xr-x"));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BuildWide.class.getName());
        builder.environment().put("XDG_CACHE_HOME", cache.toString());
        builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        Process process = builder.inheritIO().start();
        while (!Files.exists(pid)) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(20);
        }
        process.destroyForcibly().waitFor(); // SIGKILL: no hook runs
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(ProcessHandle::destroyForcibly);
        Path unfinished = cache.resolve("lutra/models/tmp");
        assertThat(unfinished).isNotEmptyDirectory();

        List<String> progress = new ArrayList<>();
        try (VerilatorEngine wide =
                VerilatorEngine.open(Designs.wide(), options().withProgress(progress::add))) {
            assertThat(progress).containsExactly("building a Verilator model of wide (first time only)");
            wide.poke(2, 5);
            assertThat(wide.peek(5)).isEqualTo(4);
        }
        assertThat(unfinished).isEmptyDirectory();
    }

    static final class BuildWide {
        public static void main(String[] arguments) {
            VerilatorEngine.open(Designs.wide(), VerilatorOptions.defaults()).close();
        }
    }

    @Test
    void brokenVerilogIsShownWithItsLine() {
        DesignSource syntax = Designs.of(
                "broken", "module broken(input wire a);\n  assign b = ;\nendmodule\n", false, false, "in a 1");
        assertThatThrownBy(() -> VerilatorEngine.open(syntax, options()))
                .isInstanceOfSatisfying(
                        ToolException.class, e -> assertThat(e.tool()).isEqualTo("verilator"))
                .hasMessageStartingWith("verilator could not build the Verilog of broken: "
                        + "%Error: broken.v:2:14: syntax error, unexpected ';'");
        DesignSource lint = Designs.of(
                "lint",
                "module lint(input wire [7:0] a, output wire [3:0] b);\n  assign b = a;\nendmodule\n",
                false,
                false,
                "in a 8",
                "out b 4");
        assertThatThrownBy(() -> VerilatorEngine.open(lint, options()))
                .hasMessageContaining("%Warning-WIDTH: lint.v:2:");
        DesignSource wrongWidth = Designs.of(
                "width",
                "module width(input wire [7:0] a, output wire [7:0] b);\n  assign b = a;\nendmodule\n",
                false,
                false,
                "in a 9",
                "out b 8");
        assertThatThrownBy(() -> VerilatorEngine.open(wrongWidth, options()))
                .isInstanceOf(ToolException.class)
                .hasMessageStartingWith("g++ could not build the model of width: ");
    }

    /** Port names that are words of C++ or members of Verilator's class. */
    @Test
    void awkwardPortNamesWork() {
        DesignSource design = Designs.of(
                "awkward",
                """
                module awkward(input wire clk, input wire [7:0] class, input wire [7:0] name, input wire [3:0] a__b,
                               output wire [7:0] eval, output wire [7:0] new, output reg [3:0] final);
                  assign eval = class + name;
                  assign new = class - name;
                  always @(posedge clk) final <= a__b;
                endmodule
                """,
                true,
                false,
                "in class 8",
                "in name 8",
                "in a__b 4",
                "out eval 8",
                "out new 8",
                "out final 4");
        try (VerilatorEngine engine = VerilatorEngine.open(design, options())) {
            engine.poke(0, 100);
            engine.poke(1, 10);
            engine.poke(2, 13);
            engine.step(1);
            assertThat(List.of(engine.peek(3), engine.peek(4), engine.peek(5))).containsExactly(110L, 90L, 13L);
        }
    }

    /** $fatal, $finish and a model that does not settle: errors with text, and the simulation can still be looked at. */
    @Test
    void eventsOfTheDesignAreErrorsWithText() throws IOException {
        DesignSource design = Designs.of("events", """
                module events(input wire clk, input wire [7:0] what, output reg [7:0] last, output wire loop);
                  always @(posedge clk) begin
                    last <= what;
                    if (what == 8'd1) $fatal(1, "value %0d seen", what);
                    if (what == 8'd2) $finish;
                    if (what == 8'd3) $display("only talking");
                    a: assert (what != 8'd4) else $error("four");
                  end
                  /* verilator lint_off UNOPTFLAT */
                  wire n = (what == 8'd9) ? ~n : 1'b0;
                  /* verilator lint_on UNOPTFLAT */
                  assign loop = n;
                endmodule
                """, true, false, "in what 8", "out last 8", "out loop 1");
        long mapped = mappedModels();
        DesignSource source = new DesignSource(
                design.top(), Map.of("events.sv", design.verilog().get("events.v")), design.ports(), true, false);
        try (VerilatorEngine engine = VerilatorEngine.open(source, options())) {
            engine.step(10);
            engine.poke(0, 3);
            engine.step(1000);
            engine.poke(0, 1);
            assertThatThrownBy(() -> engine.step(100))
                    .isInstanceOf(SimulationException.class)
                    .hasMessageStartingWith("events stopped in cycle 1011: ")
                    .hasMessageContaining("value 1 seen")
                    .hasMessageContaining("events.sv:4");
            assertThat(engine.peek(1)).isEqualTo(1);
            engine.poke(0, 2);
            assertThatThrownBy(() -> engine.step(100))
                    .hasMessageMatching("(?s)events finished in cycle 1012: .*events.sv:5");
            engine.poke(0, 4);
            assertThatThrownBy(() -> engine.step(100)).hasMessageContaining("four");
            engine.poke(0, 0);
            engine.step(5);
            engine.poke(0, 9);
            assertThatThrownBy(() -> engine.peek(2)).hasMessageContaining("did not converge");
        }
        assertThat(mappedModels()).as("also what printed is unmapped").isEqualTo(mapped);
    }

    @Test
    void manyThreadsOpenAndRunTheirOwn() throws Exception {
        long mapped = mappedModels();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Long>> results = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int limit = 1000 + i;
                results.add(threads.submit(() -> {
                    long sum = 0;
                    for (int round = 0; round < 20; round++) {
                        try (VerilatorEngine counter = VerilatorEngine.open(Designs.counter(), options())) {
                            counter.poke(0, 1);
                            counter.poke(1, limit);
                            sum += counter.runUntil(3, 10_000);
                        }
                    }
                    return sum;
                }));
            }
            for (int i = 0; i < 8; i++) {
                assertThat(results.get(i).get()).isEqualTo(20L * (1000 + i));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(mappedModels()).isEqualTo(mapped);
    }

    @Test
    void closingFromAnotherThreadStopsARun() throws Exception {
        VerilatorEngine counter = VerilatorEngine.open(Designs.counter(), options());
        Throwable[] thrown = new Throwable[1];
        Thread runner = new Thread(() -> {
            try {
                counter.step(Long.MAX_VALUE / 2);
            } catch (SimulationException e) {
                thrown[0] = e;
            }
        });
        runner.start();
        Thread.sleep(200);
        counter.close();
        runner.join();
        assertThat(thrown[0]).hasMessage("the simulation of counter was closed while it ran");
    }

    private static long mappedModels() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains(cache.toString()) && line.contains("model.so"))
                .count();
    }
}
