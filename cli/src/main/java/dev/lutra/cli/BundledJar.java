// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** One jar of a class path: for projects that have Lutra from a checkout and not from a repository. */
final class BundledJar {
    private static final String SERVICES = "META-INF/services/";

    private final JarOutputStream out;
    private final Set<String> written = new HashSet<>();
    private final Map<String, ByteArrayOutputStream> services = new TreeMap<>();

    private BundledJar(JarOutputStream out) {
        this.out = out;
    }

    /**
     * Writes the jar. The first of two files of one name is taken, as a class path does; lists of services are joined.
     *
     * @param classpath jars and folders
     */
    static void write(String[] classpath, Path jar) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            var bundle = new BundledJar(out);
            for (String entry : classpath) {
                Path path = Path.of(entry);
                if (Files.isDirectory(path)) {
                    bundle.folder(path);
                } else if (Files.isRegularFile(path)) {
                    bundle.jar(path);
                }
            }
            for (var service : bundle.services.entrySet()) {
                out.putNextEntry(new JarEntry(service.getKey()));
                service.getValue().writeTo(out);
            }
        }
    }

    private void folder(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    add(root.relativize(file).toString().replace('\\', '/'), in);
                }
            }
        }
    }

    private void jar(Path path) throws IOException {
        try (var zip = new ZipFile(path.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!entry.isDirectory()) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        add(entry.getName(), in);
                    }
                }
            }
        }
    }

    private void add(String name, InputStream content) throws IOException {
        if (name.startsWith(SERVICES)) {
            ByteArrayOutputStream all = services.computeIfAbsent(name, n -> new ByteArrayOutputStream());
            content.transferTo(all);
            all.writeBytes("\n".getBytes(StandardCharsets.UTF_8));
        } else if (!name.equals("META-INF/MANIFEST.MF")
                && !name.endsWith("module-info.class")
                && !name.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)") // signatures are of the jar they came in
                && !name.startsWith("models/") // checkpoints of the demo
                && written.add(name)) {
            out.putNextEntry(new JarEntry(name));
            content.transferTo(out);
        }
    }
}
