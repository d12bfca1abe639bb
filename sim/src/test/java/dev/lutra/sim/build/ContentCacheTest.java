// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.sim.engine.ToolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentCacheTest {
    @TempDir
    Path root;

    private final AtomicInteger builds = new AtomicInteger();

    private Path get(ContentCache cache, String key, int bytes) throws InterruptedException {
        return cache.get("thing", key, directory -> {
            builds.incrementAndGet();
            Files.write(directory.resolve("file"), new byte[bytes]);
        });
    }

    @Test
    void buildsOnceAndRebuildsWhatIsDamaged() throws Exception {
        ContentCache cache = new ContentCache(root, 1 << 20);
        Path file = get(cache, "a", 100).resolve("file");
        get(cache, "a", 100);
        assertThat(builds).hasValue(1);

        Files.write(file, new byte[] {1}, java.nio.file.StandardOpenOption.WRITE); // one byte changed, same size
        get(cache, "a", 100);
        assertThat(builds).hasValue(2);
        assertThat(Files.readAllBytes(file)).isEqualTo(new byte[100]);

        Files.write(file, new byte[50]); // cut short
        get(cache, "a", 100);
        Files.delete(file);
        get(cache, "a", 100);
        Files.write(file.resolveSibling("MANIFEST"), new byte[0]);
        get(cache, "a", 100);
        assertThat(builds).hasValue(5);
    }

    @Test
    void theLeastRecentlyUsedGoesFirst() throws Exception {
        ContentCache cache = new ContentCache(root, 3500);
        Path a = get(cache, "a", 1000);
        Path b = get(cache, "b", 1000);
        Path c = get(cache, "c", 1000);
        age(a, 3);
        age(b, 2);
        age(c, 1);
        get(cache, "a", 1000); // used again
        get(cache, "d", 1000);
        assertThat(b).doesNotExist();
        assertThat(List.of(a, c)).allMatch(Files::exists);
    }

    private static void age(Path entry, int hours) throws IOException {
        Files.setLastModifiedTime(
                entry.resolve("MANIFEST"), FileTime.fromMillis(System.currentTimeMillis() - hours * 3_600_000L));
    }

    @Test
    void threadsThatWantTheSameBuildItOnce() throws Exception {
        ContentCache cache = new ContentCache(root, 1 << 20);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Path>> calls = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                String key = "k" + i % 2;
                calls.add(() -> get(cache, key, 10));
            }
            for (Future<Path> result : threads.invokeAll(calls)) {
                assertThat(result.get().resolve("file")).hasSize(10);
            }
            assertThat(builds).hasValue(2);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aFailedBuildLeavesNothingAndWhatAKilledOneLeftIsRemoved() throws Exception {
        ContentCache cache = new ContentCache(root, 1 << 20);
        assertThatThrownBy(() -> cache.get("thing", "bad", directory -> {
                    Files.write(directory.resolve("half"), new byte[10]);
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
        assertThat(root.resolve("tmp")).isEmptyDirectory();
        Path left = Files.createDirectories(root.resolve("tmp/thing-left"));
        Files.write(left.resolve("half"), new byte[10]);
        get(cache, "left", 20);
        Files.createDirectories(left);
        get(cache, "other", 20);
        assertThat(root.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void aFullDiskAndAnUnusableDirectoryAreExplained() throws IOException {
        ContentCache cache = new ContentCache(root, 1 << 20);
        assertThatThrownBy(() -> cache.get("thing", "a", directory -> {
                    throw new IOException("No space left on device");
                }))
                .isInstanceOfSatisfying(
                        ToolException.class, e -> assertThat(e.hint()).contains("XDG_CACHE_HOME"))
                .hasMessage("no space left on the disk of " + root + " while building a model");
        Path file = Files.createFile(root.resolve("file"));
        ContentCache inFile = new ContentCache(file.resolve("below"), 1);
        assertThatThrownBy(() -> get(inFile, "a", 1))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("cannot use the model cache " + file);
    }

    @Test
    void livesUnderTheUsersCacheDirectory() {
        assertThat(ContentCache.defaultRoot(Map.of("XDG_CACHE_HOME", "/x", "HOME", "/h")))
                .hasToString("/x/lutra/models");
        assertThat(ContentCache.defaultRoot(Map.of("XDG_CACHE_HOME", "relative", "HOME", "/h")))
                .hasToString("/h/.cache/lutra/models");
    }
}
