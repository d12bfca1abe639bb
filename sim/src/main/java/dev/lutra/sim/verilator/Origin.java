// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.File;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/** What changes with the code that makes a model of a circuit: files, sizes and times of this module and of the Verilog writer's. */
final class Origin {
    private static final @Nullable String STAMP = both(stamp(VerilogWriter.class), stamp(Origin.class));

    private Origin() {}

    /** Null: the classes do not come from files. */
    static @Nullable String stamp() {
        return STAMP;
    }

    private static @Nullable String both(@Nullable String a, @Nullable String b) {
        return a == null || b == null ? null : a + b;
    }

    private static @Nullable String stamp(Class<?> part) {
        CodeSource source = part.getProtectionDomain().getCodeSource();
        if (source == null || !source.getLocation().getProtocol().equals("file")) {
            return null;
        }
        // A name with special characters is coded, is not found and has no shortcut.
        var file = new File(source.getLocation().getPath());
        var stamp = new StringBuilder(file.getPath());
        return files(file, stamp) ? stamp.append('\n').toString() : null;
    }

    /** Adds a jar, or all files of a directory; false: there are none. */
    private static boolean files(File file, StringBuilder to) {
        File[] inside = file.listFiles();
        if (inside == null) {
            to.append(' ').append(file.length()).append(' ').append(file.lastModified());
            return file.isFile();
        }
        java.util.Arrays.sort(inside);
        boolean found = false;
        for (File each : inside) {
            found |= files(each, to);
        }
        return found;
    }
}
