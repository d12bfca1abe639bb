// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.HdlException;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.ir.Diagnostic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares error reports with their expected text. A place {@code File.java:12} is replaced by the source line it names in
 * brackets, so that the text proves the line and does not depend on its number.
 */
final class Reports {
    private Reports() {}

    /** The whole report of a design that is rejected. */
    static void assertRejected(Class<?> test, Supplier<? extends Module> top, String expected) {
        var thrown = catchThrowableOfType(HdlException.class, () -> Circuit.of(top::get));
        assertThat(thrown).as("the design is rejected").isNotNull();
        assertThat(withSource(test, thrown.getMessage())).isEqualTo(expected.strip());
    }

    /** The warnings about a design that is accepted. */
    static void assertWarned(Class<?> test, Supplier<? extends Module> top, String expected) {
        var warnings = Circuit.of(top::get).warnings();
        var text = warnings.stream().map(Diagnostic::toString).collect(Collectors.joining("\n"));
        assertThat(withSource(test, text)).isEqualTo(expected.strip());
    }

    private static String withSource(Class<?> test, String report) {
        var places = Pattern.compile("(\\w+\\.java):(\\d+)");
        return places.matcher(report).replaceAll(m -> {
            var file = folder(test).resolve(m.group(1));
            return Matcher.quoteReplacement(Files.exists(file) ? "[" + line(file, m.group(2)) + "]" : m.group());
        });
    }

    private static Path folder(Class<?> test) {
        return Path.of(System.getProperty("basedir", "."), "src/test/java")
                .resolve(test.getPackageName().replace('.', '/'));
    }

    private static String line(Path file, String number) {
        try {
            return Files.readAllLines(file).get(Integer.parseInt(number) - 1).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
