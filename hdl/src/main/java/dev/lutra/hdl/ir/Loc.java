// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import org.jspecify.annotations.Nullable;

/**
 * A place in the user's Java: source file name and line, and the user frame that called it when the place lies in a
 * utility method.
 *
 * @param file file name as the class file gives it, such as {@code Pe.java}
 * @param line line number, 0 when not known
 * @param caller the next user frame outwards, or null
 */
public record Loc(String file, int line, @Nullable Loc caller) {

    /** A place nobody knows, such as one in a class compiled without debug information. */
    public static final Loc UNKNOWN = new Loc("", 0, null);

    /** A place without a known caller. */
    public Loc(String file, int line) {
        this(file, line, null);
    }

    /** Whether a file is known. */
    public boolean known() {
        return !file.isEmpty();
    }

    /** {@code Pe.java:12}, or {@code unknown place}. */
    @Override
    public String toString() {
        if (!known()) {
            return "unknown place";
        }
        return line > 0 ? file + ":" + line : file;
    }
}
