// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import org.jspecify.annotations.Nullable;

/**
 * A place in the user's Java: source file name and line, the class and method that stand there, and the user frame that
 * called it when the place lies in a utility method.
 *
 * @param file file name as the class file gives it, such as {@code Pe.java}; empty when not known
 * @param line line number, 0 when not known
 * @param className binary name of the class, such as {@code com.example.Pe}; empty when not known
 * @param method name of the method as the source has it (the one around a lambda), {@code <init>} for a constructor; empty
 *     when not known
 * @param caller the next user frame outwards, or null
 */
public record Loc(
        String file,
        int line,
        String className,
        String method,
        @Nullable Loc caller) {

    /** A place nobody knows. */
    public static final Loc UNKNOWN = new Loc("", 0);

    /** A place of which only the line is known. */
    public Loc(String file, int line) {
        this(file, line, "", "", null);
    }

    /** This place, called from another one. */
    public Loc calledFrom(@Nullable Loc caller) {
        return new Loc(file, line, className, method, caller);
    }

    /** Whether a file is known; a class compiled without debug information has none. */
    public boolean known() {
        return !file.isEmpty();
    }

    /** Whether file, line and callers are the same. */
    public boolean isSamePlace(Loc that) {
        boolean sameCaller =
                caller == null ? that.caller == null : that.caller != null && caller.isSamePlace(that.caller);
        return line == that.line && file.equals(that.file) && className.equals(that.className) && sameCaller;
    }

    /** {@code Pe.java:12}, without a line {@code com.example.Pe.method} or {@code unknown place}. */
    @Override
    public String toString() {
        if (known() && line > 0) {
            return file + ":" + line;
        }
        if (!className.isEmpty()) {
            return className + (method.equals("<init>") ? " (constructor)" : "." + method);
        }
        return known() ? file : "unknown place";
    }
}
