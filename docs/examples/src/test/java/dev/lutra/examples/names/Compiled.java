// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.names;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;

/** Compiles a class from text into memory. */
final class Compiled {
    private Compiled() {}

    /** The class files, by name. */
    static Map<String, byte[]> of(JavaCompiler compiler, StandardJavaFileManager files, String className, String text) {
        Map<String, ByteArrayOutputStream> written = new HashMap<>();
        var memory = new ForwardingJavaFileManager<>(files) {
            @Override
            public JavaFileObject getJavaFileForOutput(
                    JavaFileManager.Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
                String file = name.replace('.', '/') + kind.extension;
                return new SimpleJavaFileObject(URI.create("memory:///" + file), kind) {
                    @Override
                    public OutputStream openOutputStream() {
                        return written.computeIfAbsent(file, f -> new ByteArrayOutputStream());
                    }
                };
            }
        };
        var source =
                new SimpleJavaFileObject(
                        URI.create("memory:///" + className.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return text;
                    }
                };
        var options = List.of("-g", "-proc:none", "-nowarn", "-implicit:none");
        var messages = new java.io.StringWriter();
        if (!compiler.getTask(messages, memory, null, options, null, List.of(source))
                .call()) {
            throw new AssertionError(messages + "\n" + text);
        }
        Map<String, byte[]> classes = new HashMap<>();
        written.forEach((file, bytes) -> classes.put(file, bytes.toByteArray()));
        return classes;
    }
}
