// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import dev.lutra.sim.engine.SimulationException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A mapped library of a design, shared by all of its simulations and unmapped when the last one closes. */
final class ModelLibrary implements AutoCloseable {
    private static final Map<Path, ModelLibrary> OPEN = new HashMap<>();
    private static final int TEXT_BYTES = 8192;

    private final Path path;
    private final long handle;
    private int users;

    private ModelLibrary(Path path, long handle) {
        this.path = path;
        this.handle = handle;
    }

    static ModelLibrary open(Path path) {
        synchronized (OPEN) {
            ModelLibrary library = OPEN.get(path);
            if (library == null) {
                ByteBuffer error = ByteBuffer.allocateDirect(TEXT_BYTES);
                long handle = Shim.load(path.toString(), Shim.address(error), TEXT_BYTES);
                if (handle == 0) {
                    String text = StandardCharsets.UTF_8.decode(error).toString();
                    throw new SimulationException("cannot load the model: " + text.substring(0, text.indexOf(0)));
                }
                library = new ModelLibrary(path, handle);
                OPEN.put(path, library);
            }
            library.users++;
            return library;
        }
    }

    long handle() {
        return handle;
    }

    @Override
    public void close() {
        synchronized (OPEN) {
            if (--users == 0) {
                OPEN.remove(path);
                Shim.unload(handle);
            }
        }
    }
}
