// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.HdlException;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.ir.Diagnostic;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/hdl/errors.md give the reports beneath them, and each report has the code of its heading. */
class ErrorsPageTest {
    private static final Path DOCS = Path.of(System.getProperty("basedir", "."), "..", "docs", "hdl");
    private static final Pattern SECTION =
            Pattern.compile("(## `([a-z-]+)`\n\n```java\n(.*?)```\n\n```text\n)(.*?)(?=```\n)", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("final class (\\w+) extends Module");

    /** On the first line with the example's own first, so that lines keep their numbers. */
    private static final String IMPORTS = "import dev.lutra.hdl.*; import dev.lutra.hdl.Module; ";

    @Test
    void examples(@TempDir Path classes) throws IOException {
        String page = Files.readString(DOCS.resolve("errors.md"));
        String reference = Files.readString(DOCS.resolve("reference.md"));
        String actual = SECTION.matcher(page).replaceAll(section -> {
            String report = report(section.group(3), classes);
            assertThat(report).contains("[" + section.group(2) + "]: ");
            assertThat(reference).contains("`" + section.group(2) + "`");
            return Matcher.quoteReplacement(section.group(1) + report + "\n");
        });
        Files.writeString(Files.createDirectories(Path.of("target")).resolve("errors.md"), actual);
        assertThat(page).as("as written to target/errors.md").isEqualTo(actual);
    }

    private static String report(String code, Path classes) {
        var name = NAME.matcher(code);
        assertThat(name.find()).as(code).isTrue();
        var source =
                new SimpleJavaFileObject(
                        URI.create("string:///" + name.group(1) + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreErrors) {
                        return IMPORTS + code;
                    }
                };
        var options = List.of("-g", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .getTask(null, null, null, options, null, List.of(source))
                        .call())
                .isTrue();
        try (var loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, ErrorsPageTest.class.getClassLoader())) {
            var constructor =
                    loader.loadClass(name.group(1)).asSubclass(Module.class).getDeclaredConstructor();
            constructor.setAccessible(true);
            return Circuit.of(() -> {
                        try {
                            return constructor.newInstance();
                        } catch (InvocationTargetException e) {
                            if (e.getCause() instanceof Error error) {
                                throw error;
                            }
                            throw (RuntimeException) e.getCause();
                        } catch (ReflectiveOperationException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .warnings()
                    .stream()
                    .map(Diagnostic::toString)
                    .collect(Collectors.joining("\n"));
        } catch (HdlException e) {
            return e.getMessage();
        } catch (IOException | ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
