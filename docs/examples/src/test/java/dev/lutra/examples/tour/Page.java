// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A page of docs/hdl that quotes code of this project. */
public final class Page {
    private static final Path BASE = Path.of(System.getProperty("basedir", "."));

    private final String name;
    private final String text;

    /** @param name of the file in docs/hdl */
    public Page(String name) throws IOException {
        this.name = name;
        text = Files.readString(BASE.resolve("../hdl").resolve(name));
    }

    /** The page without its blocks of code. */
    public String prose() {
        return text.replaceAll("(?s)```\\w+\n.*?```", "");
    }

    /** The blocks of code in a language, without the marks around them. */
    public List<String> blocks(String language) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    /**
     * Holds that each block of Java is found in a source file of a package, line by line but for common indentation, and that every
     * file of its main code is quoted.
     *
     * @param folder of the package, such as {@code dev/lutra/examples/tour/verilog}
     * @param unquoted files that need no quotation
     */
    public void quotes(String folder, List<String> unquoted) throws IOException {
        List<Path> main = sources("src/main/java", folder);
        List<Path> all = Stream.concat(main.stream(), sources("src/test/java", folder).stream())
                .toList();
        List<String> blocks = blocks("java");
        for (String block : blocks) {
            boolean found = false;
            for (Path file : all) {
                found |= has(Files.readString(file), block);
            }
            assertThat(found)
                    .as(name + " quotes what no file of " + folder + " has:\n" + block)
                    .isTrue();
        }
        for (Path file : main) {
            String source = Files.readString(file);
            String fileName = file.getFileName().toString();
            assertThat(unquoted.contains(fileName) || blocks.stream().anyMatch(block -> has(source, block)))
                    .as(name + " does not quote " + fileName)
                    .isTrue();
        }
    }

    /** Whether a source has these lines, perhaps further to the right. */
    private static boolean has(String source, String block) {
        for (int indentation = 0; indentation <= 12; indentation += 4) {
            String margin = " ".repeat(indentation);
            String moved = block.lines()
                    .map(line -> line.isEmpty() ? line : margin + line)
                    .collect(Collectors.joining("\n", "\n", "\n"));
            if (source.contains(moved)) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> sources(String root, String folder) throws IOException {
        Path base = BASE.resolve(root).resolve(folder);
        if (Files.notExists(base)) {
            return List.of();
        }
        try (var files = Files.walk(base)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }
}
