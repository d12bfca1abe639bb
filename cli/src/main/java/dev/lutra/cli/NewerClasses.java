// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Copies a jar with its classes in the format of Java 17, for the launcher: an archive of classes takes none that is older than Java 6, as
 * those of ASM are. Arguments: the jar, the copy. Classes that the jar's own refer to are on the class path.
 */
final class NewerClasses {
    private NewerClasses() {}

    public static void main(String[] arguments) throws IOException {
        copy(Path.of(arguments[0]), Path.of(arguments[1]));
    }

    static void copy(Path jar, Path to) throws IOException {
        try (var from = new ZipFile(jar.toFile());
                OutputStream file = Files.newOutputStream(to);
                var out = new ZipOutputStream(file)) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                byte[] bytes = from.getInputStream(entry).readAllBytes();
                out.putNextEntry(new ZipEntry(entry.getName()));
                boolean ofClass =
                        entry.getName().endsWith(".class") && !entry.getName().endsWith("module-info.class");
                out.write(ofClass ? newer(bytes) : bytes);
            }
        }
    }

    private static byte[] newer(byte[] file) {
        // Frames are what old classes lack and new ones must have.
        var writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        var version = new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public void visit(
                    int old,
                    int access,
                    String name,
                    @Nullable String signature,
                    @Nullable String superName,
                    String @Nullable [] interfaces) {
                super.visit(Opcodes.V17, access, name, signature, superName, interfaces);
            }
        };
        new ClassReader(file).accept(version, ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }
}
