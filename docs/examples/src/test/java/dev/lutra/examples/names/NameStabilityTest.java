// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.examples.Examples;
import dev.lutra.examples.Examples.Example;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Adding an unrelated statement, port or module to the source of an example changes no other name in its Verilog. Each edit is made at
 * all places of a class at once; {@code -Dlutra.deep=true} makes it at each of them alone, too.
 */
class NameStabilityTest {
    private static final Path SOURCES = Path.of("src/main/java");

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    private static final StandardJavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);

    /** Examples by the classes of their modules. */
    private static final Map<String, List<Example>> USERS = new HashMap<>();

    private static final Map<String, Names> BEFORE = new HashMap<>();

    @BeforeAll
    static void elaborate() throws ClassNotFoundException {
        for (var example : Examples.all()) {
            BEFORE.put(example.name(), Names.of(example.top()));
            var classes = new TreeSet<String>();
            for (var module : Circuit.of(example.top()).circuit().modules()) {
                var type = Class.forName(outermost(module.className()));
                while (type != Module.class && type != Object.class) {
                    classes.add(type.getName());
                    type = type.getSuperclass();
                }
            }
            classes.forEach(
                    name -> USERS.computeIfAbsent(name, n -> new ArrayList<>()).add(example));
        }
    }

    /** The class that a file is named after: ours begin with a capital, packages do not. */
    private static String outermost(String className) {
        return className.replaceAll("(\\.\\p{Lu}\\w*)[.$].*", "$1");
    }

    @AfterAll
    static void close() throws IOException {
        FILES.close();
    }

    static List<Path> sources() throws IOException {
        try (var all = Files.walk(SOURCES)) {
            return all.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void additionsChangeNoOtherName(Path file) throws Exception {
        var source = new Source(file, COMPILER, FILES);
        for (Edit edit : Edit.values()) {
            int places = source.places(edit);
            if (places > 0) {
                check(file, source, edit, 0, places);
            }
            for (int place = 0; Boolean.getBoolean("lutra.deep") && place < places; place++) {
                check(file, source, edit, place, place + 1);
            }
        }
    }

    private static void check(Path file, Source source, Edit edit, int from, int to) throws Exception {
        String className =
                SOURCES.relativize(file).toString().replaceAll("\\.java$", "").replaceAll("[/\\\\]", ".");
        String text = source.with(edit, from, to);
        var loader = new Variant(Compiled.of(COMPILER, FILES, className, text));
        var users = USERS.getOrDefault(className, List.of());
        assertThat(users).as(className).isNotEmpty();
        for (var example : users) {
            var after = Names.of(top(loader, example.name()));
            String what = "%s at places %d to %d of %s, in %s".formatted(edit, from, to - 1, className, example);
            assertThat(after.mentions("added")).as(what + ": is made").isTrue();
            assertThat(BEFORE.get(example.name()).missingIn(after)).as(what).isEmpty();
        }
    }

    /** The top of an example as a loader has it. */
    @SuppressWarnings("unchecked") // Examples.all()'s own type
    private static Supplier<Module> top(ClassLoader loader, String name) throws ReflectiveOperationException {
        var all = (List<?>)
                loader.loadClass(Examples.class.getName()).getMethod("all").invoke(null);
        for (Object example : all) {
            if (example.toString().equals(name)) {
                Method top = example.getClass().getMethod("top");
                return (Supplier<Module>) top.invoke(example);
            }
        }
        throw new AssertionError(name);
    }
}
