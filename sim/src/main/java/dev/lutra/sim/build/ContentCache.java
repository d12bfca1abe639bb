// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.build;

import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.engine.ToolException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Directories of built files under the key of everything they were built from. Safe to delete at any time and to share
 * between processes: an entry is built in a directory of its own under an exclusive lock and renamed into place when it
 * is complete, and its files are compared with their checksums whenever it is used, since mapping a damaged library
 * would end the JVM. When the cache grows beyond its limit, the entries not used for longest go.
 */
public final class ContentCache {
    /** Models of a day's work: an array of 16 x 16 takes about 1 MB. */
    public static final long DEFAULT_LIMIT = 1L << 30;

    private static final int LOCKS = 64;
    /** Name of the file of checksums in each entry. */
    public static final String MANIFEST = "MANIFEST";

    /** The kind of notes that name entries: they go when entries go. */
    public static final String ABOUT_ENTRIES = "known";

    /** Locks between threads: a file lock is held by the whole process. */
    private static final Map<Path, ReentrantLock> THREAD_LOCKS = new ConcurrentHashMap<>();

    private final Path root;
    private final long limit;

    /** @param limit in bytes */
    public ContentCache(Path root, long limit) {
        this.root = root.toAbsolutePath().normalize();
        this.limit = limit;
    }

    /** {@code $XDG_CACHE_HOME/lutra/models}, by default {@code ~/.cache/lutra/models}. */
    public static Path defaultRoot(Map<String, String> environment) {
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = Path.of(xdg).isAbsolute()
                ? Path.of(xdg)
                : Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".cache");
        return base.resolve("lutra").resolve("models");
    }

    /** Makes the files of an entry in an empty directory. */
    public interface Builder {
        void build(Path directory) throws IOException, InterruptedException;
    }

    /** Makes the text of a note. */
    public interface Asker {
        String ask() throws InterruptedException;
    }

    /** The directory of an entry, built if it is not there or damaged. */
    public Path get(String kind, String key, Builder builder) throws InterruptedException {
        String name = kind + "-" + key;
        Path there = find(name);
        if (there != null) {
            return there;
        }
        Path entry = root.resolve("entries").resolve(name);
        try {
            Files.createDirectories(entry.getParent());
            try (Lock lock = lock(kind, name, true)) {
                if (intact(entry)) {
                    touch(entry);
                    return entry;
                }
                build(name, entry, builder);
            }
            evict(entry);
            return entry;
        } catch (IOException e) {
            throw explain(e);
        }
    }

    /**
     * An entry by its name, the last part of a path that {@link #get} gave.
     *
     * @return null: it is not there or damaged
     */
    public @Nullable Path find(String name) {
        Path entry = root.resolve("entries").resolve(name);
        try {
            if (!intact(entry)) {
                return null;
            }
        } catch (IOException e) {
            return null; // another process evicts it at this moment
        }
        touch(entry);
        return entry;
    }

    /** A short text worth keeping; not checked. */
    public String note(String kind, String key, Asker asker) throws InterruptedException {
        String noted = noted(kind, key);
        if (noted == null) {
            noted = asker.ask();
            note(kind, key, noted);
        }
        return noted;
    }

    /**
     * What was noted last.
     *
     * @return null: nothing
     */
    public @Nullable String noted(String kind, String key) {
        Path file = root.resolve(kind).resolve(key);
        try {
            return file.toFile().isFile() ? Files.readString(file) : null;
        } catch (IOException e) {
            throw explain(e);
        }
    }

    /** Notes a short text in place of what was noted before. */
    public void note(String kind, String key, String text) {
        Path file = root.resolve(kind).resolve(key);
        try {
            Files.createDirectories(file.getParent());
            Path fresh = Files.createTempFile(file.getParent(), "new", "");
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw explain(e);
        }
    }

    private void build(String name, Path entry, Builder builder) throws IOException, InterruptedException {
        Path fresh = root.resolve("tmp").resolve(name);
        // Left behind by a process that was killed: we hold its lock.
        Cleanup.delete(fresh);
        Files.createDirectories(fresh);
        Cleanup.watch(fresh);
        try {
            builder.build(fresh);
            writeManifest(fresh);
            Cleanup.delete(entry);
            Files.move(fresh, entry, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Cleanup.delete(fresh);
            Cleanup.forget(fresh);
        }
    }

    /** Lines of checksum, size, name. */
    private static void writeManifest(Path directory) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : files(directory)) {
            text.append(checksum(file)).append(' ').append(Files.size(file)).append(' ');
            text.append(file.getFileName()).append('\n');
        }
        Files.writeString(directory.resolve(MANIFEST), text);
    }

    /** CRC-32: against damage, not malice, and native in a JVM that has compiled nothing yet. */
    private static String checksum(Path file) throws IOException {
        var crc = new CRC32();
        crc.update(Files.readAllBytes(file));
        return Long.toHexString(crc.getValue());
    }

    private static boolean intact(Path entry) throws IOException {
        Path manifest = entry.resolve(MANIFEST);
        if (!Files.isRegularFile(manifest)) {
            return false;
        }
        List<String> lines = Files.readAllLines(manifest, java.nio.charset.StandardCharsets.ISO_8859_1);
        for (String line : lines) {
            String[] part = line.split(" ", 3);
            if (part.length != 3) {
                return false;
            }
            Path file = entry.resolve(part[2]);
            if (!Files.isRegularFile(file)
                    || !part[1].equals(Long.toString(Files.size(file)))
                    || !part[0].equals(checksum(file))) {
                return false;
            }
        }
        return !lines.isEmpty();
    }

    private static void touch(Path entry) {
        try {
            Files.setLastModifiedTime(entry.resolve(MANIFEST), FileTime.from(Instant.now()));
        } catch (IOException e) {
            // The time only decides which entries go first.
        }
    }

    private record Used(Path entry, FileTime at, long bytes) {}

    private void evict(Path keep) throws IOException, InterruptedException {
        for (Path abandoned : files(root.resolve("tmp"))) {
            deleteUnused(abandoned);
        }
        List<Used> entries = new ArrayList<>();
        for (Path entry : files(root.resolve("entries"))) {
            long bytes = 0;
            FileTime at = FileTime.fromMillis(0);
            try {
                for (Path file : files(entry)) {
                    bytes += Files.size(file);
                    if (file.endsWith(MANIFEST)) {
                        at = Files.getLastModifiedTime(file);
                    }
                }
            } catch (IOException e) {
                continue; // another process evicts it at this moment
            }
            entries.add(new Used(entry, at, bytes));
        }
        long total = entries.stream().mapToLong(Used::bytes).sum();
        entries.sort(Comparator.comparing(Used::at));
        if (total > limit && Files.isDirectory(root.resolve(ABOUT_ENTRIES))) {
            for (Path note : files(root.resolve(ABOUT_ENTRIES))) {
                Files.deleteIfExists(note);
            }
        }
        for (Used used : entries) {
            if (total <= limit) {
                return;
            }
            if (used.entry().equals(keep)) {
                continue;
            }
            if (deleteUnused(used.entry())) {
                total -= used.bytes();
            }
        }
    }

    /** Deletes a directory named as an entry if nobody holds the entry's lock. */
    private boolean deleteUnused(Path directory) throws IOException, InterruptedException {
        String name = directory.getFileName().toString();
        String kind = name.substring(0, Math.max(0, name.indexOf('-')));
        try (Lock lock = lock(kind, name, false)) {
            if (lock.held()) {
                Cleanup.delete(directory);
            }
            return lock.held();
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(files::add);
        }
        files.sort(Comparator.naturalOrder());
        return files;
    }

    /**
     * One of a fixed set of lock files for each kind, which are never deleted: two names may share one and then wait
     * needlessly. Kinds have locks of their own because building a model gets the run time while it holds its lock.
     */
    private Lock lock(String kind, String name, boolean wait) throws IOException, InterruptedException {
        Path file = root.resolve("locks").resolve(kind + "-" + Math.floorMod(name.hashCode(), LOCKS));
        ReentrantLock threads = THREAD_LOCKS.computeIfAbsent(file, f -> new ReentrantLock());
        if (wait) {
            threads.lockInterruptibly();
        } else if (threads.isHeldByCurrentThread() || !threads.tryLock()) {
            return new Lock(null, null);
        }
        FileChannel channel = null;
        try {
            Files.createDirectories(file.getParent());
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (wait) {
                channel.lock();
            } else if (channel.tryLock() == null) {
                channel.close();
                threads.unlock();
                return new Lock(null, null);
            }
            return new Lock(threads, channel);
        } catch (IOException e) {
            if (channel != null) {
                channel.close();
            }
            threads.unlock();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw e;
        }
    }

    private record Lock(
            @Nullable ReentrantLock threads, @Nullable FileChannel channel) implements AutoCloseable {
        boolean held() {
            return threads != null;
        }

        @Override
        public void close() throws IOException {
            try {
                if (channel != null) {
                    channel.close();
                }
            } finally {
                if (threads != null) {
                    threads.unlock();
                }
            }
        }
    }

    private RuntimeException explain(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        if (text.contains("No space left") || text.contains("Disk quota exceeded")) {
            return noSpace(failure);
        }
        if (failure instanceof FileSystemException e) {
            return new ToolException(
                    "cache",
                    "cannot use the model cache " + root + ": " + reason(e) + ": " + e.getFile(),
                    "set XDG_CACHE_HOME to a directory you may write to",
                    e);
        }
        return new SimulationException("cannot use the model cache " + root + ": " + text, failure);
    }

    /** What the JDK says with the class of the exception alone. */
    private static String reason(FileSystemException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file is in the way";
        }
        return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    }

    /** What to throw where a tool has filled the disk. */
    public ToolException noSpace(@Nullable Throwable cause) {
        return new ToolException(
                "cache",
                "no space left on the disk of " + root + " while building a model",
                "free some space, or set XDG_CACHE_HOME to a directory on another disk",
                cause);
    }
}
