// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.sim.build.ContentCache;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The libraries with which a circuit was opened last, found again without writing its Verilog and asking the tools: the cache has a note for each
 * {@link Structure}, which holds as long as tools and our own code are those that it was made with.
 */
record KnownModel(Path shim, Path library) {

    /** The note of a circuit, as it must be to hold, but for the libraries. */
    record Place(ContentCache cache, String key, String conditions) {

        /** Null: nothing can be said of where our code comes from. */
        static @Nullable Place of(Circuit circuit, VerilatorOptions options, ContentCache cache) {
            String origin = Origin.stamp();
            if (origin == null) {
                return null;
            }
            String key = Structure.of(circuit) + (options.trace() ? "t" : "") + (options.quick() ? "q" : "");
            String conditions = System.getProperty("os.arch") + "\n"
                    + Toolchain.stamp(options.environment().getOrDefault("PATH", "")) + origin;
            return new Place(cache, key, conditions);
        }

        /** Null: not known, or no longer there. */
        @Nullable
        KnownModel find() {
            String note = cache.noted(ContentCache.ABOUT_ENTRIES, key);
            if (note == null || !note.startsWith(conditions)) {
                return null;
            }
            String[] entries = note.substring(conditions.length()).split("\n", -1);
            if (entries.length != 2) {
                return null;
            }
            Path shim = cache.find(entries[0]);
            Path model = cache.find(entries[1]);
            return shim == null || model == null
                    ? null
                    : new KnownModel(shim.resolve(ModelBuilder.SHIM), model.resolve(ModelBuilder.LIBRARY));
        }

        void note(KnownModel model) {
            cache.note(
                    ContentCache.ABOUT_ENTRIES, key, conditions + entry(model.shim()) + "\n" + entry(model.library()));
        }

        private static String entry(Path file) {
            return file.getName(file.getNameCount() - 2).toString();
        }
    }
}
