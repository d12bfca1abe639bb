// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A place in the user's Java: source file name and line, the class and method that stand there, and the user frame that
 * called it when the place lies in a utility method. Equal by what it says. Safe to share between threads.
 */
public final class Loc {
    /** A place nobody knows. */
    public static final Loc UNKNOWN = new Loc("", 0);

    private String file = "";
    private int line;
    private String className = "";
    private String method = "";
    private @Nullable Loc caller;
    private volatile @Nullable Supplier<Loc> source;

    /**
     * A place.
     *
     * @param file file name as the class file gives it, such as {@code Pe.java}; empty when not known
     * @param line line number, 0 when not known
     * @param className binary name of the class, such as {@code com.example.Pe}; empty when not known
     * @param method name of the method as the source has it (the one around a lambda), {@code <init>} for a constructor;
     *     empty when not known
     * @param caller the next user frame outwards, or null
     */
    public Loc(String file, int line, String className, String method, @Nullable Loc caller) {
        this.file = file;
        this.line = line;
        this.className = className;
        this.method = method;
        this.caller = caller;
    }

    /** A place of which only the line is known. */
    public Loc(String file, int line) {
        this(file, line, "", "", null);
    }

    private Loc(Supplier<Loc> source) {
        this.source = source;
    }

    /** A place that is looked up when somebody asks, for the many places nobody ever asks for. */
    public static Loc later(Supplier<Loc> source) {
        return new Loc(source);
    }

    /** This place, called from another one. */
    public Loc calledFrom(@Nullable Loc caller) {
        return new Loc(file(), line(), className(), method(), caller);
    }

    /** File name as the class file gives it, such as {@code Pe.java}; empty when not known. */
    public String file() {
        find();
        return file;
    }

    /** Line number, 0 when not known. */
    public int line() {
        find();
        return line;
    }

    /** Binary name of the class, such as {@code com.example.Pe}; empty when not known. */
    public String className() {
        find();
        return className;
    }

    /** Name of the method as the source has it, {@code <init>} for a constructor; empty when not known. */
    public String method() {
        find();
        return method;
    }

    /** The next user frame outwards, or null. */
    public @Nullable Loc caller() {
        find();
        return caller;
    }

    /** Whether a file is known; a class compiled without debug information has none. */
    public boolean known() {
        return !file().isEmpty();
    }

    private void find() {
        if (source != null) {
            look();
        }
    }

    private synchronized void look() {
        var from = source;
        if (from != null) {
            var found = from.get();
            file = found.file();
            line = found.line();
            className = found.className();
            method = found.method();
            caller = found.caller();
            source = null; // last: whoever sees it sees the rest
        }
    }

    /** Whether file, line and callers are the same. */
    public boolean isSamePlace(Loc that) {
        if (this == that) {
            return true;
        }
        var mine = caller();
        var theirs = that.caller();
        boolean sameCaller = mine == null ? theirs == null : theirs != null && mine.isSamePlace(theirs);
        return line() == that.line()
                && file().equals(that.file())
                && className().equals(that.className())
                && sameCaller;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Loc that
                        && line() == that.line()
                        && file().equals(that.file())
                        && className().equals(that.className())
                        && method().equals(that.method())
                        && Objects.equals(caller(), that.caller());
    }

    @Override
    public int hashCode() {
        return 31 * (31 * file().hashCode() + line()) + method().hashCode();
    }

    /** {@code Pe.java:12}, without a line {@code com.example.Pe.method} or {@code unknown place}. */
    @Override
    public String toString() {
        if (known() && line() > 0) {
            return file() + ":" + line();
        }
        if (!className().isEmpty()) {
            return className() + (method().equals("<init>") ? " (constructor)" : "." + method());
        }
        return known() ? file() : "unknown place";
    }
}
