// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jacoco.agent.AgentJar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Verilog of the examples from a JVM whose classes JaCoCo instruments as they are loaded, so that what runs is not what the class
 * files say: the same from run to run, the same ports, registers, memories and instances, and names lost only where a line makes
 * several signals by the same call.
 */
class CoverageAgentTest {
    private static final Pattern COMMENT = Pattern.compile("//[^\n]*");
    /** What keeps its name in any case: ports, registers, memories. */
    private static final Pattern KEPT = Pattern.compile("(?m)^ *(?:input|output|reg)\\b[^=;\n]*");

    private static final Pattern WIRE = Pattern.compile("(?m)^ *wire\\b[^=;\n]*");

    @TempDir
    Path folder;

    @Test
    void namesDegradeStably() throws Exception {
        var plain = examples("plain", List.of());
        var covered = examples("covered", List.of(agent()));
        var again = examples("again", List.of(agent()));

        assertThat(folder.resolve("jacoco.exec")).as("what the agent saw").isNotEmptyFile();
        assertThat(covered).as("from run to run").isEqualTo(again);
        assertThat(covered.keySet()).as("modules").isEqualTo(plain.keySet());
        long lost = 0;
        long all = 0;
        for (String file : plain.keySet()) {
            String before = plain.get(file);
            String after = covered.get(file);
            assertThat(found(KEPT, after)).as(file).isEqualTo(found(KEPT, before));
            List<String> wires = found(WIRE, before);
            all += wires.size();
            wires.removeAll(found(WIRE, after));
            lost += wires.size();
        }
        assertThat(all).isGreaterThan(300);
        assertThat(lost).as("names lost, of %s", all).isLessThan(all / 8);
    }

    private String agent() throws IOException {
        Path jar = folder.resolve("jacocoagent.jar");
        if (!Files.exists(jar)) {
            AgentJar.extractTo(jar.toFile());
        }
        return "-javaagent:" + jar + "=destfile=" + folder.resolve("jacoco.exec");
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(result -> result.group().strip().replaceAll("\\s+", " "))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** The text of each file, without comments. */
    private Map<String, String> examples(String name, List<String> options) throws IOException, InterruptedException {
        Path out = folder.resolve(name);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ExampleWriter.class.getName()));
        command.add(out.toString());
        File log = folder.resolve(name + ".log").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        try {
            assertThat(process.waitFor()).as(() -> read(log.toPath())).isZero();
        } finally {
            process.destroyForcibly();
        }
        Map<String, String> files = new TreeMap<>();
        try (var paths = Files.walk(out)) {
            paths.filter(Files::isRegularFile)
                    .forEach(path -> files.put(
                            out.relativize(path).toString(),
                            COMMENT.matcher(read(path)).replaceAll("")));
        }
        return files;
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
