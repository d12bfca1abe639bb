// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the pages in docs/hdl compile and elaborate. */
class ReferencePageTest {
    @ParameterizedTest
    @ValueSource(strings = {"reference.md", "library.md"})
    void examples(String name, @TempDir Path classes) throws IOException, ReflectiveOperationException {
        var page = Path.of(System.getProperty("basedir", "."), "..", "docs", "hdl", name);
        var blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(page))
                .results()
                .map(MatchResult::group)
                .map(block -> block.substring("```java\n".length(), block.length() - 3))
                .toList();
        assertThat(blocks).isNotEmpty();
        var names = blocks.stream().map(ReferencePageTest::className).toList();

        var compiler = ToolProvider.getSystemJavaCompiler();
        var sources = blocks.stream().map(ReferencePageTest::source).toList();
        var options = List.of("-g", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
        assertThat(compiler.getTask(null, null, null, options, null, sources).call())
                .isTrue();

        try (var loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            for (String module : names) {
                var constructor =
                        loader.loadClass(module).asSubclass(Module.class).getConstructor();
                var elaboration = Circuit.of(() -> {
                    try {
                        return constructor.newInstance();
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException(module, e);
                    }
                });
                assertThat(elaboration.circuit().top().name()).isEqualTo(module);
                assertThat(elaboration.warnings()).isEmpty();
            }
        }
    }

    private static String className(String block) {
        var matcher =
                Pattern.compile("public final class (\\w+) extends Module").matcher(block);
        assertThat(matcher.find()).as(block).isTrue();
        return matcher.group(1);
    }

    private static JavaFileObject source(String block) {
        var uri = URI.create("string:///" + className(block) + ".java");
        return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreErrors) {
                return block;
            }
        };
    }
}
