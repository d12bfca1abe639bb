// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.UserException;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Jars and folders from elsewhere, which may offer engines. */
final class ClasspathOption {
    @Option(
            names = {"-cp", "--classpath"},
            paramLabel = "PATH",
            description = "Jars and folders with engines of your own, separated as Java does it.")
    private @Nullable String path;

    /**
     * Lets this thread find what is there; until the process ends, since hardware reads its own classes for names.
     *
     * @throws UserException if something is not there
     */
    void open() {
        if (path == null) {
            return;
        }
        List<URL> urls = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator)) {
            Path file = Path.of(entry);
            if (!Files.exists(file)) {
                throw UserException.badInput("--classpath: " + entry + " is not there", "Build it first: mvn package");
            }
            try {
                urls.add(file.toUri().toURL());
            } catch (MalformedURLException e) {
                throw UserException.badInput("--classpath: " + entry + " is no path", "Give a jar or a folder.");
            }
        }
        ClassLoader outside = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(new URLClassLoader(urls.toArray(URL[]::new), outside));
    }
}
