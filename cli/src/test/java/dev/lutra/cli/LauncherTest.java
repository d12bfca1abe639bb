// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./lutra} in a checkout of its own, where shell scripts play Maven and Java. */
@Timeout(60)
class LauncherTest {
    private static final String BUILD = """
            echo built >> "$ROOT/builds"
            for word in "$@"; do case $word in -Dlutra.lib=*) mkdir -p "${word#*=}";; esac; done
            mkdir -p "$ROOT/cli/target/quick" && touch "$ROOT/cli/target/quick/lutra-cli-0.jar"
            """;

    private static final String JAVA =
            "for word in \"$@\"; do case $word in -XX:ArchiveClassesAtExit=*) touch \"${word#*=}\"; exit 0;; esac; done\n";

    @TempDir
    private Path root;

    @BeforeEach
    void checkout() throws IOException {
        Files.copy(Path.of("../lutra"), root.resolve("lutra"));
        write("pom.xml", "");
        write("cli/pom.xml", "");
        write("cli/src/main/A.java", "");
        write(".mvn/jvm.config", "");
        write("jdk/release", "JAVA_VERSION=\"17.0.1\"\n");
        script("jdk/bin/javac", "");
        script("jdk/bin/java", JAVA + "echo \"locale $LC_ALL\"; printf '<%s>\\n' \"$@\"");
        script("bin/mvn", BUILD);
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void script(String name, String text) throws IOException {
        write(name, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(root.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private record Ended(int code, String out, String err) {}

    private Process start(String name, Map<String, String> environment, String... arguments) throws IOException {
        List<String> words =
                new ArrayList<>(List.of("bash", root.resolve("lutra").toString()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectOutput(root.resolve(name + ".out").toFile())
                .redirectError(root.resolve(name + ".err").toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("LC_") || key.equals("LANG"));
        builder.environment().put("ROOT", root.toString());
        builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
        builder.environment().put("PATH", root.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Ended end(String name, Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(
                process.exitValue(),
                Files.readString(root.resolve(name + ".out"), StandardCharsets.UTF_8),
                Files.readString(root.resolve(name + ".err"), StandardCharsets.UTF_8));
    }

    private Ended run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return end("run", start("run", environment, arguments));
    }

    private long builds() throws IOException {
        return Files.readAllLines(root.resolve("builds")).size();
    }

    @Test
    void argumentsReachTheCommandAndAnUnchangedCheckoutIsBuiltOnce() throws Exception {
        Ended first = run(Map.of(), "info", "--no-install", "two words", "");
        assertThat(first.code()).isZero();
        assertThat(first.out()).endsWith("<dev.lutra.cli.Main>\n<info>\n<two words>\n<>\n");
        run(Map.of(), "info");
        assertThat(builds()).isEqualTo(1);
        write("cli/src/main/A.java", "// changed");
        run(Map.of(), "info");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void javaDecodesItsArgumentsAsUtf8WhateverTheLocale() throws Exception {
        assertThat(run(Map.of(), "info").out()).startsWith("locale C.UTF-8\n");
        assertThat(run(Map.of("LANG", "POSIX"), "info").out()).startsWith("locale C.UTF-8\n");
        assertThat(run(Map.of("LC_ALL", "C", "LANG", "de_DE.UTF-8"), "info").out())
                .startsWith("locale C.UTF-8\n");
        assertThat(run(Map.of("LANG", "de_DE.UTF-8"), "info").out()).startsWith("locale \n");
    }

    /** The optimising compiler waits where a simulation begins, and is there for all but short commands. */
    @Test
    void simulationsStartOnLateCompilers() throws Exception {
        for (String command : List.of("sim mac", "bench sim --json", "run --device sim:embedded")) {
            assertThat(run(Map.of(), command.split(" ")).out())
                    .as(command)
                    .contains("<-XX:Tier4InvocationThreshold=50000>")
                    .doesNotContain("TieredStopAtLevel");
        }
        assertThat(run(Map.of(), "run", "--device", "host").out()).doesNotContain("<-XX:Tier");
        for (String command : List.of("gen", "bench hdl", "bench hdl --json")) {
            assertThat(run(Map.of(), command.split(" ")).out()).as(command).contains("<-XX:TieredStopAtLevel=1>");
        }
    }

    /** What Java says of the vector API's module is kept from users; nothing else is. */
    @Test
    void incubatorsAreNoNews() throws Exception {
        write("jdk/release", "JAVA_VERSION=\"17.0.1\"\nMODULES=\"java.base jdk.incubator.vector\"\n");
        script("jdk/bin/java", JAVA + """
                printf '<%s>\\n' "$@"
                { echo before; echo 'WARNING: Using incubator modules: jdk.incubator.vector'; echo; printf 'after '; } >&2
                """);
        Ended run = run(Map.of(), "run", "--device", "host:lut");
        assertThat(run.out()).contains("<--add-modules>\n<jdk.incubator.vector>\n");
        // What hands stderr on may end after Java.
        for (int i = 0; i < 100 && !run.err().endsWith("after "); i++) {
            Thread.sleep(20);
            run = new Ended(run.code(), run.out(), Files.readString(root.resolve("run.err")));
        }
        assertThat(run.err()).endsWith("before\n\nafter ").doesNotContain("incubator");
        assertThat(run(Map.of(), "run", "--device", "sim:embedded").out()).doesNotContain("incubator");
    }

    /** Mapped elsewhere, the archive of classes would be rewritten at each start. */
    @Test
    void theArchiveOfClassesIsMappedWhereItWasMadeFor() throws Exception {
        assertThat(run(Map.of(), "info").out())
                .containsPattern("<-XX:SharedArchiveFile=.*classes.jsa>")
                .contains("<-XX:ArchiveRelocationMode=0>");
    }

    @Test
    void aFailedBuildShowsItsErrorsAndLeavesNothing() throws Exception {
        script("bin/mvn", BUILD + "echo '[ERROR] A.java:[3,5] cannot find symbol'; echo '[ERROR] -> [Help 1]'; exit 1");
        Ended failed = run(Map.of(), "info");
        assertThat(failed.code()).isEqualTo(4);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err()).contains("A.java:[3,5] cannot find symbol").doesNotContain("Help 1");
        try (var left = Files.list(root.resolve("target/lutra"))) {
            assertThat(left).containsExactly(root.resolve("target/lutra/build.lock"));
        }
        script("bin/mvn", BUILD + "echo 'java.io.IOException: No space left on device'; exit 1");
        assertThat(run(Map.of(), "info").err()).contains("no space left on a disk Maven writes to");
        script("bin/mvn", BUILD);
        assertThat(run(Map.of(), "info").code()).isZero();
    }

    @Test
    void anInterruptedArchiveOfClassesIsMadeAgain() throws Exception {
        run(Map.of(), "info");
        Path archive;
        try (var builds = Files.list(root.resolve("target/lutra"))) {
            archive =
                    builds.filter(Files::isDirectory).findFirst().orElseThrow().resolve("classes.jsa");
        }
        Files.delete(archive);
        Path scratch = Files.createDirectory(archive.resolveSibling("sharing"));
        Files.createFile(scratch.resolve("half"));
        assertThat(run(Map.of(), "info").code()).isZero();
        assertThat(archive).exists();
        assertThat(scratch).doesNotExist();
        assertThat(builds()).isEqualTo(1);
    }

    /** The archive takes no classes as old as those of ASM, so they are rewritten before it is made. */
    @Test
    void oldClassesAreMadeNewBeforeTheArchive() throws Exception {
        script("bin/mvn", BUILD + """
                for word in "$@"; do case $word in -Dlutra.lib=*) echo old > "${word#*=}/asm-1.jar";; esac; done
                """);
        script("jdk/bin/java", """
                case "$*" in
                  *NewerClasses*) for last; do :; done; echo new > "$last" ;;
                  *ArchiveClassesAtExit*) cat "$ROOT"/target/lutra/*/asm-1.jar > "$ROOT/archived" ;;
                esac
                """);
        assertThat(run(Map.of(), "info").code()).isZero();
        assertThat(root.resolve("archived")).hasContent("new");
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        script("bin/mvn", BUILD + "sleep 1");
        Process one = start("one", Map.of(), "info");
        Process two = start("two", Map.of(), "info");
        assertThat(end("one", one).code()).isZero();
        assertThat(end("two", two).code()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void anInterruptedBuildIsNoBuild() throws Exception {
        script("bin/mvn", BUILD + "touch \"$ROOT/begun\"; exec sleep 2");
        Process build = start("run", Map.of(), "info");
        while (!Files.exists(root.resolve("begun"))) {
            Thread.sleep(20);
        }
        build.destroy(); // SIGTERM: bash acts on it when Maven has ended, which a terminal's Ctrl-C ends too
        assertThat(end("run", build).code()).isEqualTo(130);
        assertThat(root.resolve("target/lutra")).isDirectoryNotContaining("glob:**/[0-9a-f]*[0-9a-f]");
        script("bin/mvn", BUILD);
        assertThat(run(Map.of(), "info").code()).isZero();
    }
}
