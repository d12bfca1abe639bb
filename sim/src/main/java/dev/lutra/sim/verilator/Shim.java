// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import dev.lutra.sim.engine.ToolException;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The functions of {@code lutra_shim.cc}. Handles and addresses are {@code long}. None of them checks anything: {@link VerilatorEngine}
 * does. We compile that file anyway, so these are native methods of their own: a library that maps functions would take longer to start
 * than all else that opens a model.
 */
final class Shim {
    private static boolean bound;

    private Shim() {}

    /**
     * Binds to the library; later calls do nothing, since every build of these sources is the same.
     *
     * @throws ToolException if native code cannot be loaded at all
     */
    static synchronized void bind(Path library) {
        if (bound) {
            return;
        }
        try {
            load(library);
        } catch (UnsatisfiedLinkError | IOException e) {
            throw new ToolException(
                    "native code",
                    "cannot load native code: " + e.getMessage(),
                    "the cache directory must allow execution; XDG_CACHE_HOME names another",
                    e);
        }
        bound = true;
    }

    /** A file can be loaded by one class loader at a time: others need a copy. */
    private static void load(Path library) throws IOException {
        try {
            System.load(library.toString());
        } catch (UnsatisfiedLinkError first) {
            Path copy = Files.createTempFile(library.getParent(), "copy", ".so");
            try {
                Files.copy(library, copy, StandardCopyOption.REPLACE_EXISTING);
                System.load(copy.toString());
            } catch (UnsatisfiedLinkError e) {
                throw first;
            } finally {
                Files.delete(copy); // it stays mapped
            }
        }
    }

    /** Writes a path for {@link #load(long, long, int)} and {@link #trace} to a direct buffer and gives its address. */
    static long path(Path path, ByteBuffer direct) {
        byte[] name = path.toString().getBytes(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
        direct.put(0, name).put(name.length, (byte) 0);
        return address(direct);
    }

    static native int controlBytes();

    /** Where a direct buffer lies, whatever its position. */
    static native long address(Buffer direct);

    static native ByteBuffer buffer(long address, long bytes);

    static native long load(long path, long error, int capacity);

    static native void unload(long library);

    static native long open(long library, long control);

    static native void close(long simulation);

    static native void poke(long simulation, int port, long value);

    static native void pokeWords(long simulation, int port, long words);

    static native long peek(long simulation, int port);

    static native void peekWords(long simulation, int port, long words);

    static native void clock(long simulation, int clock, long period, long phase);

    static native long step(long simulation, long cycles);

    static native long reset(long simulation, long cycles);

    static native long runUntil(long simulation, int port, long limit);

    static native void select(long simulation, long ports, int inputs, int outputs);

    static native long batch(long simulation, long cycles, long stimulus, long response);

    static native long feed(long simulation, long cycles, long stimulus, long response, long feeds, int count);

    static native long attach(long simulation, long ports, int dataBytes, long config, long contents);

    static native void inject(long memory, int kind, long from, long to, int reads, int writes, long first, long times);

    static native void clearFaults(long memory);

    static native void statistics(long memory, long fourWords);

    static native long map(long bytes);

    static native void unmap(long address, long bytes);

    static native int trace(long simulation, long path, long from, long to);
}
