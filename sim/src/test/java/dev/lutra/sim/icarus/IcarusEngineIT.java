// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.BlackBox;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.engine.ToolException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process behind a simulation: what it prints, how it ends, what is said when it fails. */
class IcarusEngineIT {
    @BeforeAll
    static void tools() {
        EngineKind.ICARUS.missing().ifPresent(why -> assumeTrue(false, "skipped: " + why));
    }

    static final class Counter extends Module {
        final Bool enable = in(bool());
        final UInt count = out(uint(16));

        Counter() {
            var value = reg(uint(16)).init(0);
            when(enable, () -> value.set(value.wrapAdd(1)));
            count.set(value);
        }
    }

    /** A box of Verilog with a clock, one input and one output. */
    static final class Boxed extends Module {
        final Bool go = in(bool());
        final UInt o = out(uint(8));

        Boxed(String body) {
            var box = new BlackBox("BOX") {
                final Bool go = in(bool());
                final UInt o = out(uint(8));

                {
                    clockPort("clk");
                    verilog("box.v", "module BOX(input clk, input go, output reg [7:0] o);\n" + body + "\nendmodule\n");
                }
            };
            box.go.set(go);
            o.set(box.o);
        }
    }

    private static List<ProcessHandle> children() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("vvp"))
                .toList();
    }

    private static void waitFor(String what, java.util.function.BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 200 && !condition.getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }

    @Test
    void nothingIsLeftWhenItIsClosed() throws Exception {
        List<ProcessHandle> before = children();
        var design = Circuit.of(Counter::new);
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        long directories = directories(temporary);
        for (int i = 0; i < 5; i++) {
            try (var sim = Simulators.icarus(design)) {
                sim.reset(1);
                sim.poke(design.top().enable, true);
                sim.step(7);
                assertThat(sim.peek(design.top().count)).isEqualTo(7);
                assertThat(children()).hasSize(before.size() + 1);
            }
        }
        waitFor("all processes end", () -> children().equals(before));
        assertThat(directories(temporary)).isLessThanOrEqualTo(directories);
        var sim = Simulators.icarus(design);
        sim.close();
        sim.close();
        assertThatThrownBy(() -> sim.step(1)).hasMessageContaining("the simulation of Counter is closed");
    }

    private static long directories(Path in) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.filter(file -> file.getFileName().toString().startsWith("lutra-icarus"))
                    .count();
        }
    }

    @Test
    void anotherThreadMayCloseIt() throws Exception {
        var sim = Simulators.icarus(Circuit.of(Counter::new));
        sim.reset(1);
        var running = CompletableFuture.runAsync(() -> sim.step(Long.MAX_VALUE));
        Thread.sleep(300);
        assertThat(running).isNotDone();
        sim.close();
        assertThatThrownBy(() -> running.get(10, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(IOException.class)
                .cause()
                .hasMessage("the simulation of Counter was closed while it ran");
    }

    @Test
    void aSimulatorThatDiesIsReported() throws Exception {
        List<ProcessHandle> before = children();
        try (var sim = Simulators.icarus(Circuit.of(Counter::new))) {
            sim.reset(1);
            sim.step(4);
            ProcessHandle vvp = children().stream()
                    .filter(child -> !before.contains(child))
                    .findFirst()
                    .orElseThrow();
            vvp.destroyForcibly();
            assertThatThrownBy(() -> sim.step(1))
                    .isInstanceOf(ToolException.class)
                    .hasMessageStartingWith(
                            "vvp, which simulates Counter, ended in or after cycle 5 with exit code 137");
            assertThatThrownBy(() -> sim.step(1)).hasMessage("the simulation of Counter is closed");
        }
    }

    @Test
    void whatDoesNotSettleIsReported() {
        var design =
                Circuit.of(() -> new Boxed("initial o = 0;\nalways @(go or o) if (go) o <= ~o;\nwire unused = clk;"));
        try (var sim = Simulators.icarus(design, IcarusOptions.defaults().withPatience(Duration.ofSeconds(1)))) {
            sim.step(2);
            assertThat(sim.peek(design.top().o)).isZero();
            sim.poke(design.top().go, true);
            assertThatThrownBy(() -> sim.step(1))
                    .isInstanceOf(SimulationException.class)
                    .hasMessageStartingWith("Boxed does not settle in cycle 2");
        }
    }

    /** Verilog that is not ours may end the simulation: that is told, and it can be looked at. */
    @Test
    void finishOfSuppliedVerilogIsReported() {
        var design = Circuit.of(() -> new Boxed("""
                initial o = 0;
                always @(posedge clk) begin
                  o <= o + 1;
                  if (o == 3) begin
                    $display("three");
                    $finish;
                  end
                end"""));
        var lines = new java.util.ArrayList<String>();
        try (var sim = Simulators.icarus(design)) {
            sim.onPrint(lines::add);
            assertThatThrownBy(() -> sim.step(10))
                    .isInstanceOf(SimulationException.class)
                    .hasMessageStartingWith("Boxed finished in cycle 4: ")
                    .hasMessageContaining("$finish at box.v:7");
            assertThat(lines).containsExactly("three");
            assertThat(sim.peek(design.top().o)).isEqualTo(4);
            sim.step(3);
            assertThat(sim.peek(design.top().o)).isEqualTo(7);
        }
    }

    /** Supplied Verilog with the usual short delay after the edge. */
    @Test
    void shortDelaysOfSuppliedVerilogPass() {
        var design = Circuit.of(() -> new Boxed("initial o = 0;\nalways @(posedge clk) if (go) o <= #1 o + 1;"));
        try (var sim = Simulators.icarus(design)) {
            sim.poke(design.top().go, true);
            sim.step(3);
            assertThat(sim.peek(design.top().o)).isEqualTo(3);
        }
    }

    @Test
    void aMissingToolSaysWhatToInstall(@TempDir Path empty) throws IOException {
        var design = Circuit.of(Counter::new);
        var none = IcarusOptions.defaults()
                .withEnvironment(Map.of("PATH", empty.toString(), "XDG_CACHE_HOME", empty.toString()));
        assertThatThrownBy(() -> Simulators.icarus(design, none))
                .isInstanceOfSatisfying(ToolException.class, e -> {
                    assertThat(e.tool()).isEqualTo("iverilog");
                    assertThat(e.hint()).contains("apt-get install iverilog");
                })
                .hasMessageContaining("iverilog is not on the PATH");
    }

    @Test
    void refusedVerilogIsQuoted() {
        Elaboration<Boxed> design = Circuit.of(() -> new Boxed("this is no Verilog"));
        assertThatThrownBy(() -> Simulators.icarus(design))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("iverilog could not build the Verilog of Boxed: box.v:2: ");
    }

    /** Run by the test below in a JVM of its own. */
    public static final class Runs {
        public static void main(String[] arguments) {
            Simulator sim = Simulators.icarus(Circuit.of(Counter::new));
            sim.reset(1);
            System.out.println(children().get(0).pid());
            sim.step(Long.MAX_VALUE);
        }
    }

    @Test
    void theSimulatorEndsWithTheJvm() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Runs.class.getName())
                .redirectErrorStream(true)
                .start();
        try (var output = new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            while (line != null && !line.matches("\\d+")) {
                line = output.readLine();
            }
            assertThat(line).isNotNull();
            Optional<ProcessHandle> vvp = ProcessHandle.of(Long.parseLong(line));
            assertThat(vvp).isPresent();
            Thread.sleep(300);
            assertThat(vvp.get().isAlive()).isTrue();
            jvm.destroyForcibly();
            waitFor("vvp ends", () -> !vvp.get().isAlive());
        } finally {
            jvm.destroyForcibly();
        }
    }
}
