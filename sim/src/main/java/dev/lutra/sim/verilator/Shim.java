// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import dev.lutra.sim.engine.ToolException;
import java.nio.file.Path;

/**
 * The functions of {@code lutra_shim.cc}, bound once per JVM by direct mapping (about 60 ns a call). Handles and addresses
 * are {@code long}. None of them checks anything: {@link VerilatorEngine} does.
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
            Native.register(Shim.class, NativeLibrary.getInstance(library.toString()));
        } catch (LinkageError e) {
            // JNA unpacks a library of its own into the user's cache directory first.
            throw new ToolException(
                    "jna",
                    // further lines repeat it for every place where JNA looked
                    "cannot load native code: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "the cache directory needs some space and must allow execution; -Djna.tmpdir=DIR names another",
                    e);
        }
        bound = true;
    }

    static native int lutra_control_bytes();

    static native long lutra_load(String path, long error, int capacity);

    static native void lutra_unload(long library);

    static native long lutra_open(long library, long control);

    static native void lutra_close(long simulation);

    static native void lutra_poke(long simulation, int port, long value);

    static native void lutra_poke_words(long simulation, int port, long words);

    static native long lutra_peek(long simulation, int port);

    static native void lutra_peek_words(long simulation, int port, long words);

    static native void lutra_clock(long simulation, int clock, long period, long phase);

    static native long lutra_step(long simulation, long cycles);

    static native long lutra_reset(long simulation, long cycles);

    static native long lutra_run_until(long simulation, int port, long limit);

    static native void lutra_select(long simulation, long ports, int inputs, int outputs);

    static native long lutra_batch(long simulation, long cycles, long stimulus, long response);

    static native long lutra_feed(long simulation, long cycles, long stimulus, long response, long feeds, int count);

    static native long lutra_attach(long simulation, long ports, int dataBytes, long config, long contents);

    static native void lutra_inject(
            long memory, int kind, long from, long to, int reads, int writes, long first, long times);

    static native void lutra_clear_faults(long memory);

    static native void lutra_statistics(long memory, long fourWords);

    static native long lutra_map(long bytes);

    static native void lutra_unmap(long address, long bytes);

    static native int lutra_trace(long simulation, String path, long from, long to);
}
