// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.engine.ToolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Missing, failing and interrupted tools, played by shell scripts: these tests need neither Verilator nor a compiler. */
class ToolFailureTest {
    @TempDir
    Path home;

    private Path bin;

    @BeforeEach
    void tools() throws IOException {
        bin = Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("root/include"));
        Files.createFile(home.resolve("root/include/verilated.cpp"));
        script(
                "verilator",
                "case $1 in --version) echo 'Verilator 9';; --getenv) echo " + home + "/root;; *) exit 0;; esac");
        script("g++", "case $1 in --version) echo 'g++ 9';; *) exit 0;; esac");
    }

    private void script(String name, String text) throws IOException {
        Path file = bin.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Map<String, String> environment() {
        return Map.of(
                "PATH",
                bin + ":/usr/bin:/bin",
                "XDG_CACHE_HOME",
                home.resolve("cache").toString());
    }

    private void open() {
        VerilatorEngine.open(Designs.adder(), VerilatorOptions.defaults().withEnvironment(environment()));
    }

    @Test
    void aMissingToolIsNamedWithAHint() throws IOException {
        Map<String, String> empty = Map.of("PATH", "/nonexistent", "XDG_CACHE_HOME", home.toString());
        assertThatThrownBy(() -> VerilatorEngine.open(
                        Designs.adder(), VerilatorOptions.defaults().withEnvironment(empty)))
                .isInstanceOfSatisfying(ToolException.class, e -> {
                    assertThat(e.tool()).isEqualTo("verilator");
                    assertThat(e.hint())
                            .contains("apt-get install verilator g++")
                            .contains("embedded");
                })
                .hasMessage("verilator is not on the PATH; the Verilator engine needs verilator and g++");
        Files.delete(bin.resolve("g++"));
        Map<String, String> noCompiler = Map.of("PATH", bin.toString(), "XDG_CACHE_HOME", home.toString());
        assertThatThrownBy(() -> VerilatorEngine.open(
                        Designs.adder(), VerilatorOptions.defaults().withEnvironment(noCompiler)))
                .hasMessageStartingWith("g++ is not on the PATH");
    }

    @Test
    void aToolThatDoesNotRunIsReported() throws IOException {
        script("verilator", "echo 'libfoo.so: cannot open shared object file' >&2; exit 127");
        assertThatThrownBy(this::open)
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("--version failed with exit code 127: libfoo.so: cannot open shared object file");
    }

    @Test
    void theFirstRealErrorIsShown() {
        assertThat(Toolchain.firstError("""
                        %Warning-WIDTH: a.v:3:5: Operator ASSIGN expects 8 bits
                            3 | assign
                        %Error: a.v:7:1: syntax error, unexpected endmodule
                        %Error: Exiting due to 1 error(s)
                        """)).isEqualTo("%Error: a.v:7:1: syntax error, unexpected endmodule");
        assertThat(Toolchain.firstError("""
                        %Warning-WIDTH: a.v:3:5: Operator ASSIGN expects 8 bits
                        %Error: Exiting due to 1 warning(s)
                        """)).isEqualTo("%Warning-WIDTH: a.v:3:5: Operator ASSIGN expects 8 bits");
        assertThat(Toolchain.firstError("In file included from all.cc:1:\nx.h:3:4: error: 'y' was not declared\n"))
                .isEqualTo("x.h:3:4: error: 'y' was not declared");
        assertThat(Toolchain.firstError("first\nlast\n\n")).isEqualTo("last");
        assertThat(Toolchain.firstError("")).isNull();
    }

    @Test
    void aFullDiskInTheCompilerIsAFullDisk() throws IOException {
        script(
                "g++",
                "case $1 in --version) echo 'g++ 9';; *) "
                        + "echo 'fatal error: error writing to x.s: No space left on device'; exit 1;; esac");
        assertThatThrownBy(this::open)
                .isInstanceOf(ToolException.class)
                .hasMessageStartingWith("no space left on the disk");
    }

    @Test
    void aCompilerThatWritesNothingIsReported() {
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        ToolException.class, e -> assertThat(e.hint()).contains("PATH"))
                .hasMessageContainingAll("wrote no lutra_shim.so", bin.toString());
        assertThat(home.resolve("cache/lutra/models/tmp")).isEmptyDirectory();
    }

    @Test
    void aToolThatSaysNothingOfItselfIsReported() throws IOException {
        script("verilator", "exit 0");
        assertThatThrownBy(this::open)
                .isInstanceOf(ToolException.class)
                .hasMessageEndingWith("--version failed with exit code 0: it printed nothing");
    }

    @Test
    void temporaryFilesOfTheToolsAreInTheHalfBuiltDirectory() throws IOException {
        script("g++", "case $1 in --version) echo 'g++ 9';; *) echo $TMPDIR > " + home + "/tmpdir; exit 1;; esac");
        assertThatThrownBy(this::open).isInstanceOf(ToolException.class);
        assertThat(Files.readString(home.resolve("tmpdir")))
                .startsWith(home.resolve("cache/lutra/models/tmp").toString());
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamedWithTheReason() throws IOException {
        Path file = Files.createFile(home.resolve("cache"));
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        ToolException.class, e -> assertThat(e.hint()).contains("XDG_CACHE_HOME"))
                .hasMessageStartingWith("cannot use the model cache " + file + "/lutra/models: Not a directory: ");
    }

    @Test
    void aCompilerThatIsKilledIsReported() throws IOException {
        script("g++", "case $1 in --version) echo 'g++ 9';; *) kill -9 $$;; esac");
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        ToolException.class, e -> assertThat(e.hint()).contains("memory"))
                .hasMessageContaining("exit code 137");
    }

    @Test
    @Timeout(60)
    void anInterruptEndsTheToolsAndLeavesNothing() throws Exception {
        sleepingCompiler();
        Throwable[] thrown = new Throwable[1];
        Thread build = new Thread(() -> {
            try {
                open();
            } catch (SimulationException e) {
                thrown[0] = e;
            }
        });
        build.start();
        ProcessHandle sleeper = awaitSleeper();
        build.interrupt();
        build.join();
        assertThat(thrown[0]).hasMessageContaining("interrupted while building the model of adder");
        sleeper.onExit().get(10, TimeUnit.SECONDS);
        assertThat(home.resolve("cache/lutra/models/tmp")).isEmptyDirectory();
    }

    @Test
    @Timeout(60)
    void endingTheJvmEndsTheToolsAndLeavesNothing() throws Exception {
        sleepingCompiler();
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BuildAdder.class.getName());
        builder.environment().putAll(environment());
        Process jvm = builder.redirectErrorStream(true).start();
        ProcessHandle sleeper = awaitSleeper();
        jvm.destroy(); // SIGTERM; Ctrl-C runs the same hooks
        assertThat(jvm.waitFor(20, TimeUnit.SECONDS)).isTrue();
        sleeper.onExit().get(10, TimeUnit.SECONDS);
        assertThat(home.resolve("cache/lutra/models/tmp")).isEmptyDirectory();
    }

    /** A compiler whose child would run on if only the compiler itself were killed. */
    private void sleepingCompiler() throws IOException {
        script(
                "g++",
                "case $1 in --version) echo 'g++ 9';; *) sleep 300 & echo $! > " + home + "/pid.new; mv " + home
                        + "/pid.new " + home + "/pid; wait;; esac");
    }

    private ProcessHandle awaitSleeper() throws IOException, InterruptedException {
        Path pid = home.resolve("pid");
        while (!Files.exists(pid)) {
            Thread.sleep(20);
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    }

    /** Builds the adder in a JVM of its own. */
    static final class BuildAdder {
        public static void main(String[] arguments) {
            try (VerilatorEngine adder = VerilatorEngine.open(
                    Designs.adder(), VerilatorOptions.defaults().withProgress(System.out::println))) {
                adder.poke(0, 20);
                adder.poke(1, 3);
                System.out.println(List.of(adder.peek(2), adder.peek(3)));
            }
        }
    }
}
