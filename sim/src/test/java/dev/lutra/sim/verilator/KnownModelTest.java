// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.sim.build.ContentCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are found again without Verilog and without asking tools, which here are empty files. */
class KnownModelTest {
    @TempDir
    Path home;

    private ContentCache cache;
    private KnownModel model;

    static final class Design extends Module {
        Design() {
            out(uint(8)).set(in(uint(8)));
        }
    }

    @BeforeEach
    void builtAndNoted() throws Exception {
        cache = new ContentCache(home.resolve("models"), 10_000);
        tool("verilator", "1");
        tool("g++", "1");
        model = new KnownModel(
                entry("shim", 100).resolve(ModelBuilder.SHIM),
                entry("model", 100).resolve(ModelBuilder.LIBRARY));
        place(options()).note(model);
    }

    private void tool(String name, String text) throws IOException {
        Path file =
                Files.writeString(Files.createDirectories(home.resolve("bin")).resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path entry(String kind, int bytes) throws InterruptedException {
        return cache.get(kind, "0", directory -> Files.write(directory.resolve("file"), new byte[bytes]));
    }

    private VerilatorOptions options() {
        return VerilatorOptions.defaults()
                .withEnvironment(Map.of("PATH", home.resolve("bin").toString()));
    }

    private KnownModel.Place place(VerilatorOptions options) {
        return KnownModel.Place.of(Circuit.of(Design::new).circuit(), options, cache);
    }

    private @Nullable KnownModel found() {
        return place(options()).find();
    }

    @Test
    void isFoundForTheSameDesignToolsAndOptions() {
        assertThat(found()).isEqualTo(model);
        assertThat(place(options().withTrace(true)).find()).isNull();
        assertThat(place(options().withQuickBuild(true)).find()).isNull();
    }

    @Test
    void isNotFoundWithOtherToolsAndCanBeNotedAnew() throws IOException {
        tool("g++", "another");
        assertThat(found()).isNull();
        place(options()).note(model);
        assertThat(found()).isEqualTo(model);
        tool("verilator_bin", "another");
        assertThat(found()).isNull();
    }

    @Test
    void isNotFoundWhereItIsDamagedOrGone() throws Exception {
        Path file = model.library().resolveSibling("file");
        Files.write(file, new byte[] {1}, java.nio.file.StandardOpenOption.WRITE);
        assertThat(found()).isNull();
        Files.write(file, new byte[100]);
        assertThat(found()).isEqualTo(model);
        Files.delete(model.shim().resolveSibling("MANIFEST"));
        assertThat(found()).isNull();
    }

    /** Notes do not pile up beyond what they are about. */
    @Test
    void isForgottenWhereEntriesGo() throws Exception {
        Path notes = home.resolve("models").resolve(ContentCache.ABOUT_ENTRIES);
        assertThat(notes).isNotEmptyDirectory();
        entry("large", 20_000);
        assertThat(notes).isEmptyDirectory();
    }
}
