// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Loc;
import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@link Circuit#of}: the modules under construction, the open conditional scopes and the findings so far. It
 * belongs to one thread.
 *
 * <p><b>Who is the parent of a new module?</b> The innermost module whose constructor is still running. Java does not
 * say when a constructor ends, so this is found on the stack: when a module enters, the depth of its constructor's frame
 * (counted from {@link Circuit#of}), the frame's method and its byte-code index are noted. Later the module is still
 * under construction exactly if the frame at that depth is the same constructor and stands beyond the noted index (where
 * it called the super constructor). Everything else on the list has ended.
 */
final class Session {
    private static final ThreadLocal<@Nullable Session> CURRENT = new ThreadLocal<>();
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    /** Reaches from a module in a module to {@link Circuit#of} without a second fetch. */
    private static final StackWalker DEEP_WALKER =
            StackWalker.getInstance(Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE), 14);

    private static final String CONSTRUCTOR = "<init>";

    /** A module whose constructor is running, or was when last looked at. */
    private record Running(Module module, int depth, String descriptor, int superCall) {}

    private final @Nullable Session outer;
    private final List<Running> running = new ArrayList<>();
    private final List<Module> roots = new ArrayList<>();
    private final List<Module> scopes = new ArrayList<>();
    private final Map<ModuleKey, List<Recording>> recordings = new HashMap<>();
    private final Set<Diagnostic> diagnostics = new LinkedHashSet<>();
    private StackFrame[] frames = new StackFrame[64];
    private int frameCount;
    private boolean ended;
    private boolean toldOfNames;

    private Session(@Nullable Session outer) {
        this.outer = outer;
    }

    static Session begin() {
        var session = new Session(CURRENT.get());
        CURRENT.set(session);
        return session;
    }

    void end() {
        ended = true;
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }

    /** The session of this thread, for what has no module to ask; throws outside {@link Circuit#of}. */
    static Session current() {
        var session = CURRENT.get();
        if (session == null) {
            throw misuse(
                    "outside-elaboration",
                    "hardware is described outside Circuit.of",
                    "build the design inside the function given to Circuit.of(() -> new Top(...)), on its thread");
        }
        return session;
    }

    /** The session of this thread, or null outside {@link Circuit#of}. */
    static @Nullable Session ifAny() {
        return CURRENT.get();
    }

    /** A mistake outside any session: there is nobody to collect it. */
    static HdlException misuse(String code, String message, String hint) {
        return new HdlException(List.of(Diagnostic.error(code, Frames.place(WALKER), message, hint)));
    }

    /** Throws if the circuit is already elaborated. */
    void requireOpen() {
        if (ended) {
            throw misuse(
                    "outside-elaboration",
                    "hardware is added to a circuit that is already elaborated",
                    "describe it in the module's constructor");
        }
    }

    // ---- construction ----

    /** Called by the constructor of {@link Module}: makes its recording and finds its parent. */
    @Nullable
    Module enter(Module module) {
        requireOpen();
        capture();
        int innermost = 0;
        while (frames[innermost].getDeclaringClass() != module.getClass()) {
            innermost++;
        }
        dropEnded();
        int outermost = innermost;
        while (outermost + 1 < frameCount
                && frames[outermost + 1].getDeclaringClass() == module.getClass()
                && frames[outermost + 1].getMethodName().equals(CONSTRUCTOR)
                && !isRunningAt(frameCount - 2 - outermost)) {
            outermost++; // this(...)
        }
        var frame = frames[innermost];
        var parent = innermostRunning();
        if (parent == null) {
            roots.add(module);
        }
        running.add(new Running(module, frameCount - 1 - innermost, frame.getDescriptor(), frame.getByteCodeIndex()));
        newSite = outermost + 1;
        return parent;
    }

    private int newSite;

    /** Origin of the instance whose {@link #enter} was the last thing that happened. */
    private Origin instanceOrigin() {
        return Frames.origin(frames, newSite, frameCount);
    }

    /** Whether the constructor of a module of this session is still running. Costs a walk of the stack. */
    boolean isRunning(Module module) {
        if (!module.isOpen()) {
            return false;
        }
        capture();
        dropEnded();
        return module.isOpen();
    }

    /** The innermost module whose constructor is running. Costs a walk of the stack. */
    Module currentModule() {
        requireOpen();
        capture();
        dropEnded();
        var module = innermostRunning();
        if (module == null) {
            throw misuse(
                    "outside-module",
                    "hardware is described outside any module",
                    "describe it in the constructor of a class that extends Module");
        }
        return module;
    }

    private @Nullable Module innermostRunning() {
        return running.isEmpty() ? null : running.get(running.size() - 1).module;
    }

    private boolean isRunningAt(int depth) {
        for (int i = running.size() - 1; i >= 0; i--) {
            if (running.get(i).depth == depth) {
                return true;
            }
        }
        return false;
    }

    private void dropEnded() {
        while (!running.isEmpty() && !stillRuns(running.get(running.size() - 1))) {
            running.remove(running.size() - 1).module.close();
        }
    }

    private boolean stillRuns(Running entry) {
        int index = frameCount - 1 - entry.depth;
        if (index < 0) {
            return false;
        }
        var frame = frames[index];
        return frame.getDeclaringClass() == entry.module.getClass()
                && frame.getByteCodeIndex() > entry.superCall
                && frame.getMethodName().equals(CONSTRUCTOR)
                && frame.getDescriptor().equals(entry.descriptor);
    }

    /** Takes the frames from here down to {@link Circuit#of}. */
    private void capture() {
        frameCount = DEEP_WALKER.walk(stream -> {
            int count = 0;
            for (var all = stream.iterator(); all.hasNext(); ) {
                var frame = all.next();
                if (frame.getDeclaringClass() == Circuit.class) {
                    return count;
                }
                if (count == frames.length) {
                    frames = Arrays.copyOf(frames, 2 * count);
                }
                frames[count++] = frame;
            }
            throw misuse(
                    "outside-elaboration",
                    "a module is made by another thread than its circuit",
                    "do not build hardware in parallel streams or threads");
        });
    }

    // ---- recordings ----

    Recording record(ModuleKey key) {
        return new Recording(this, key, recordings.computeIfAbsent(key, k -> new ArrayList<>()));
    }

    /** Where the user's code stands; for a new instance where it says {@code new}. */
    Origin origin(Op op) {
        return switch (op) {
            case INSTANCE -> instanceOrigin();
            case INSTANCE_PORT, LITERAL, END, INIT, MEMORY_INIT, NAMED, DOC -> Origin.UNKNOWN;
            default -> Frames.origin(WALKER);
        };
    }

    /** Reports a value that the user's code throws away; says once that names are lost for lack of debug information. */
    void checkUse(Origin origin) {
        if (origin.dropped() != null) {
            report(
                    Diagnostic.error(
                            "unused-result",
                            origin.loc(),
                            "the result of " + origin.dropped() + "() is not used",
                            "an operator does not change its operands: keep its result in a variable, or set() a signal to it"));
        }
        if (!toldOfNames && origin.site() instanceof CallSite site && site.isNameless()) {
            toldOfNames = true;
            report(Diagnostic.warning(
                    "no-names",
                    origin.loc(),
                    origin.loc().file() + " was compiled without names of local variables; signals get made-up names",
                    "compile with javac -g (Maven does by default)"));
        }
    }

    List<Module> roots() {
        return roots;
    }

    // ---- scopes ----

    int openScopes() {
        return scopes.size();
    }

    /** The module whose conditional scope is innermost, or null. */
    @Nullable
    Module innermostScope() {
        return scopes.isEmpty() ? null : scopes.get(scopes.size() - 1);
    }

    void openScope(Module module) {
        scopes.add(module);
    }

    void closeScope() {
        scopes.remove(scopes.size() - 1);
    }

    // ---- findings ----

    /** Where the user's code stands. */
    Loc place() {
        return Frames.place(WALKER);
    }

    void report(Diagnostic diagnostic) {
        diagnostics.add(diagnostic);
    }

    void error(String code, String message, @Nullable String hint) {
        report(Diagnostic.error(code, place(), message, hint));
    }

    List<Diagnostic> diagnostics() {
        return List.copyOf(diagnostics);
    }
}
