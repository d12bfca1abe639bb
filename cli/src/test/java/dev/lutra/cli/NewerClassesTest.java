// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;

class NewerClassesTest {
    /** Every class of ASM, rewritten, passes the verifier of new classes, and still reads classes. */
    @Test
    void asmRunsAsANewLibrary(@TempDir Path folder) throws Exception {
        Path jar = Path.of(ClassReader.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path copy = folder.resolve("asm.jar");
        NewerClasses.copy(jar, copy);
        try (var old = new ZipFile(jar.toFile());
                var zip = new ZipFile(copy.toFile());
                var loader =
                        new URLClassLoader(new URL[] {copy.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            assertThat(Collections.list(zip.entries()).stream().map(ZipEntry::getName))
                    .isEqualTo(Collections.list(old.entries()).stream()
                            .map(ZipEntry::getName)
                            .toList());
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName();
                if (name.endsWith(".class") && !name.equals("module-info.class")) {
                    assertThat(zip.getInputStream(entry).readNBytes(8)[7])
                            .as(name)
                            .isEqualTo((byte) 61);
                    // Initialised, and so verified.
                    Class.forName(name.replace('/', '.').replace(".class", ""), true, loader);
                }
            }
            Object reader = loader.loadClass(ClassReader.class.getName())
                    .getConstructor(byte[].class)
                    .newInstance((Object) getClass()
                            .getResourceAsStream("NewerClassesTest.class")
                            .readAllBytes());
            assertThat(reader.getClass().getMethod("getClassName").invoke(reader))
                    .isEqualTo("dev/lutra/cli/NewerClassesTest");
        }
        assertThat(Files.size(copy)).isPositive();
    }
}
