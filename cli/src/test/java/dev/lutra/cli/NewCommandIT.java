// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A project made by {@code lutra new}, built by Maven as a user would, and its engine in the generator. */
class NewCommandIT {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private int lutra(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        // An own thread: --classpath sets its class loader.
        int[] code = new int[1];
        Thread command = new Thread(() -> code[0] = Main.run(new PrintWriter(out), new PrintWriter(err), args));
        command.start();
        try {
            command.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return code[0];
    }

    private record Ran(int status, String output) {}

    private static Ran run(Path folder, String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("run", ".log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        String output = Files.readString(log);
        Files.delete(log);
        return new Ran(process.exitValue(), output);
    }

    private static boolean present(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(f -> Files.isExecutable(Path.of(f, program)));
    }

    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file).toString(), file.endsWith("lutra.jar") ? "" : Files.readString(file));
            }
        }
        return files;
    }

    @Test
    void aNewProjectTestsItselfAndBringsAnEngine() throws IOException, InterruptedException {
        assumeTrue(present("mvn"), "skipped: no mvn on the path");
        Path project = directory.resolve("My Core");
        assertThat(lutra("new", project.toString())).as(err.toString()).isZero();

        // The surefire provider and JUnit are there, since this test runs by them.
        Ran tests = run(project, "mvn", "-o", "-B", "test");
        assertThat(tests.output()).contains("Tests run: 2, Failures: 0, Errors: 0, Skipped: 0");
        assertThat(tests.status()).as(tests.output()).isZero();

        Path rtl = directory.resolve("rtl");
        String classes = project.resolve("target/classes").toString();
        assertThat(lutra("gen", "--engine", "plane-mac", "--classpath", classes, "--out", rtl.toString(), "--json"))
                .as(err.toString())
                .isZero();
        assertThat(rtl.resolve("PlaneMac.v")).exists();
        assertThat(Files.readString(rtl.resolve("MatrixUnit.v"))).contains("  PlaneMac core (");
        assertThat(JsonMapper.shared()
                        .readTree(rtl.resolve("machine.json").toFile())
                        .toString())
                .contains("\"kind\":\"plane-mac\"");
        assertThat(lutra("info", "--json", "--classpath", classes)).isZero();
        assertThat(JsonMapper.shared().readTree(out.toString()).get("engines").toString())
                .contains("\"lut-int\"")
                .endsWith(",\"plane-mac\"]"); // ours first

        Ran verilog = run(project, "sh", "-c", "sed -i 's/mvn -q/mvn -o -q/' verilog && ./verilog");
        assertThat(verilog.status()).as(verilog.output()).isZero();
        assertThat(verilog.output()).contains("build/rtl/PlaneMac.f", "PlaneMac ");
        if (present("verilator")) {
            Ran lint = run(
                    project.resolve("build/rtl"),
                    "verilator",
                    "--lint-only",
                    "-Wall",
                    "--top-module",
                    "PlaneMac",
                    "-f",
                    "PlaneMac.f");
            assertThat(lint).isEqualTo(new Ran(0, ""));
        }
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Path project = Files.createDirectories(directory.resolve("p"));
        Files.writeString(project.resolve("pom.xml"), "mine");
        assertThat(lutra("new", project.toString())).isEqualTo(3);
        assertThat(err.toString()).contains("has files that would be overwritten: pom.xml", "Nothing was written.");
        assertThat(files(project)).isEqualTo(Map.of("pom.xml", "mine"));

        Files.move(project.resolve("pom.xml"), project.resolve("notes.txt"));
        assertThat(lutra("new", project.toString())).as(err.toString()).isZero();
        Map<String, String> made = files(project);
        assertThat(made).containsEntry("notes.txt", "mine").containsKeys("pom.xml", "lutra/lutra.jar", ".gitignore");
        assertThat(lutra("new", project.toString())).isEqualTo(3);
        assertThat(files(project)).isEqualTo(made);
    }

    @Test
    void whatIsNotThereIsNamed() {
        String out = directory.toString();
        for (List<String> wrong : List.of(
                List.of("--engine 'x'", "there is no engine 'x'"),
                List.of("--classpath 'nowhere.jar'", "nowhere.jar is not there"),
                List.of("--engine 'X Y'", "there is no engine 'X Y'"))) {
            String[] words = wrong.get(0).replace("'", "").split(" ", 2);
            assertThat(lutra("gen", words[0], words[1], "--out", out)).isEqualTo(3);
            assertThat(err.toString()).contains(wrong.get(1));
        }
    }
}
