// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.HdlException;
import dev.lutra.hdl.Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Compares error reports with their expected text. A place {@code File.java:12} is replaced by the source line it names in
 * brackets, so that the text proves the line and does not depend on its number.
 */
final class Reports {
    private Reports() {}

    static void assertRejected(Class<?> test, Supplier<? extends Module> top, String expected) {
        var thrown = catchThrowableOfType(HdlException.class, () -> Circuit.of(top::get));
        assertThat(thrown).as("the design is rejected").isNotNull();
        assertThat(withSource(test, thrown.getMessage())).isEqualTo(expected.strip());
    }

    private static String withSource(Class<?> test, String report) {
        var lines = source(test);
        var places = Pattern.compile(Pattern.quote(test.getSimpleName() + ".java:") + "(\\d+)");
        return places.matcher(report)
                .replaceAll(m -> java.util.regex.Matcher.quoteReplacement(
                        "[" + lines.get(Integer.parseInt(m.group(1)) - 1).strip() + "]"));
    }

    private static List<String> source(Class<?> test) {
        var base = Path.of(System.getProperty("basedir", "."));
        var file = base.resolve("src/test/java")
                .resolve(test.getPackageName().replace('.', '/'))
                .resolve(test.getSimpleName() + ".java");
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
