// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ExamplesTest {
    /** Each module of this project is the top of a listed example or part of one. */
    @Test
    void allAreListed() throws Exception {
        var used = new TreeSet<String>();
        for (var example : Examples.all()) {
            var design = Circuit.of(example.top());
            assertThat(design.warnings()).as(example.name()).isEmpty();
            design.circuit()
                    .modules()
                    .forEach(module -> used.add(module.className().replace('$', '.')));
        }
        assertThat(used).containsAll(modules());
    }

    private static TreeSet<String> modules() throws IOException, URISyntaxException, ClassNotFoundException {
        var classes = Path.of(dev.lutra.examples.riscv.Rv32iCore.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        var modules = new TreeSet<String>();
        try (var files = Files.walk(classes)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = classes.relativize(file).toString();
                if (name.endsWith(".class") && !name.endsWith("package-info.class")) {
                    var type = Class.forName(name.substring(0, name.length() - 6)
                            .replace('/', '.')
                            .replace('\\', '.'));
                    if (Module.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
                        modules.add(type.getName().replace('$', '.'));
                    }
                }
            }
        }
        assertThat(modules).isNotEmpty();
        return modules;
    }
}
