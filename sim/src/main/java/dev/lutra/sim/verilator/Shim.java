// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.lutra.sim.engine.ToolException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * The functions of {@code lutra_shim.cc}, bound once per JVM by JNA's direct mapping (about 60 ns a call): {@code runUntil} here is
 * {@code lutra_run_until} there. Handles and addresses are {@code long}. None of them checks anything: {@link VerilatorEngine} does.
 */
final class Shim {
    private static final FunctionMapper NAMES = (library, method) ->
            "lutra_" + method.getName().replaceAll("(?=[A-Z])", "_").toLowerCase(Locale.ROOT);

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
            Native.register(
                    Shim.class,
                    NativeLibrary.getInstance(library.toString(), Map.of(Library.OPTION_FUNCTION_MAPPER, NAMES)));
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

    /** Where a direct buffer lies, whatever its position. */
    static long address(Buffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    /** The bytes at an address, as a buffer. */
    static ByteBuffer buffer(long address, long bytes) {
        return new Pointer(address).getByteBuffer(0, bytes);
    }

    static native int controlBytes();

    static native long load(String path, long error, int capacity);

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

    static native int trace(long simulation, String path, long from, long to);
}
