// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.build;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What must not outlive this process: running tools and half-built directories. A shutdown hook ends and removes them,
 * so that Ctrl-C leaves nothing behind.
 */
public final class Cleanup {
    private static final Set<Process> PROCESSES = ConcurrentHashMap.newKeySet();
    private static final Set<Path> DIRECTORIES = ConcurrentHashMap.newKeySet();
    private static volatile boolean shuttingDown;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Cleanup::atExit, "lutra-build-cleanup"));
    }

    private Cleanup() {}

    /** A process to end with this one. */
    public static void watch(Process process) {
        PROCESSES.add(process);
        if (shuttingDown) {
            kill(process);
        }
    }

    public static void forget(Process process) {
        PROCESSES.remove(process);
    }

    /** A directory to remove with this process. */
    public static void watch(Path directory) {
        DIRECTORIES.add(directory);
    }

    public static void forget(Path directory) {
        DIRECTORIES.remove(directory);
    }

    static boolean shuttingDown() {
        return shuttingDown;
    }

    /** Ends a process and its children: a compiler driver that is killed alone leaves its compiler running. */
    public static void kill(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }

    /** Removes a file or a tree; nothing there is fine. */
    public static void delete(Path tree) throws IOException {
        if (Files.notExists(tree, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void atExit() {
        shuttingDown = true;
        PROCESSES.forEach(Cleanup::kill);
        for (Path directory : DIRECTORIES) {
            try {
                delete(directory);
            } catch (IOException e) {
                // The next build of the same thing removes it.
            }
        }
    }
}
