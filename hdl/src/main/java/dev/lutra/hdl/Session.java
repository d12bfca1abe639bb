// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Severity;
import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@link Circuit#of}: the modules under construction, the open conditional scopes and the findings so far. It
 * belongs to one thread.
 *
 * <p><b>Who is the parent of a new module?</b> The innermost module whose constructor is still running. Java does not
 * say when a constructor ends, so this is found on the stack. When a module enters, the frames of its constructors
 * (base classes, {@code this(...)}) are noted: how deep they are, counted from {@link Circuit#of}, and at which
 * byte-code index each stands, which is its call of the next one. Later the module is still under construction exactly
 * if these frames are there, standing where they stood or, from some frame on, further behind: a constructor body runs
 * after the call of the next constructor, and never before it.
 */
final class Session {
    private static final ThreadLocal<@Nullable Session> CURRENT = new ThreadLocal<>();
    /** Reaches from a module in a module to {@link Circuit#of} without a second fetch. */
    private static final StackWalker DEEP_WALKER =
            StackWalker.getInstance(Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE), 14);

    private static final String CONSTRUCTOR = "<init>";
    private static final int SHOWN_PER_PLACE = 3;
    private static final String NO_THREADS = "do not build hardware in parallel streams or threads";
    static final String NO_STATIC =
            "keep no signal or module in a static field: each elaboration makes its own in the module's constructor";

    /** A frame of a constructor and the byte-code index where it calls the next constructor of the same object. */
    private record Constructor(Class<?> type, String descriptor, int callsNext) {}

    /**
     * A module whose constructor is running, or was when last looked at.
     *
     * @param depth of the outermost constructor frame
     * @param constructors from the outermost to the one that calls {@link Module}'s
     */
    private record Running(Module module, int depth, Constructor[] constructors) {
        boolean covers(int depth) {
            return depth >= this.depth && depth < this.depth + constructors.length;
        }
    }

    private final @Nullable Session outer;
    private final Thread thread = Thread.currentThread();
    private final List<Running> running = new ArrayList<>();
    private final Map<Module, Loc> roots = new LinkedHashMap<>();
    private final List<Module> scopes = new ArrayList<>();
    private final Map<Class<?>, List<Keyed>> recordings = new HashMap<>();
    private final Set<Diagnostic> diagnostics = new LinkedHashSet<>();
    private final Map<String, Set<Diagnostic>> perPlace = new LinkedHashMap<>();
    private final Set<String> descriptions = new LinkedHashSet<>();
    private StackFrame[] frames = new StackFrame[64];
    private int frameCount;
    private boolean atBase;
    private boolean ended;
    private int parts;
    private String path = "";
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
        return new HdlException(List.of(Diagnostic.error(code, Frames.place(), message, hint)));
    }

    /** Reports a mistake that has no signal to ask for its session; throws outside {@link Circuit#of}. */
    static void mistake(String code, String message, String hint) {
        var session = CURRENT.get();
        if (session == null) {
            throw misuse(code, message, hint);
        }
        session.error(code, message, hint);
    }

    /** Throws if the circuit is already elaborated, or is built by another thread. */
    void requireOpen() {
        if (ended || thread != Thread.currentThread()) {
            throw notOpen();
        }
    }

    private HdlException notOpen() {
        if (!ended) {
            return misuse("outside-elaboration", "hardware is added by another thread than its circuit", NO_THREADS);
        }
        if (CURRENT.get() != null) {
            return misuse(
                    "outside-elaboration",
                    "a signal or module of an earlier elaboration is used in this one",
                    NO_STATIC);
        }
        return misuse(
                "outside-elaboration",
                "hardware is added to a circuit that is already elaborated",
                "describe it in the module's constructor");
    }

    // ---- construction ----

    /** Called by the constructor of {@link Module}: makes its recording and finds its parent. */
    @Nullable
    Module enter(Module module) {
        requireOpen();
        capture();
        int first = 0; // the constructor that calls Module's
        while (Frames.isOurs(frames[first].getDeclaringClass())) {
            first++;
        }
        int last = first; // the constructor that new calls
        while (frames[last].getDeclaringClass() != module.getClass()) {
            last++;
        }
        dropEnded();
        while (last + 1 < frameCount && delegates(last + 1, module.getClass())) {
            last++;
        }
        var constructors = new Constructor[last - first + 1];
        for (int i = 0; i < constructors.length; i++) {
            var frame = frames[last - i];
            constructors[i] =
                    new Constructor(frame.getDeclaringClass(), frame.getDescriptor(), frame.getByteCodeIndex());
        }
        var parent = innermostRunning();
        running.add(new Running(module, frameCount - 1 - last, constructors));
        newSite = last + 1;
        if (parent == null) {
            roots.put(module, instanceOrigin().loc());
        }
        return parent;
    }

    /** Whether a frame is a constructor of the class standing at {@code this(...)}, not at a {@code new}. */
    private boolean delegates(int index, Class<?> type) {
        var frame = frames[index];
        if (frame.getDeclaringClass() != type || !frame.getMethodName().equals(CONSTRUCTOR)) {
            return false;
        }
        var code = ClassCode.method(type, CONSTRUCTOR, frame.getDescriptor());
        int call = code == null
                ? -1
                : code.callAt(frame.getByteCodeIndex(), CONSTRUCTOR, Math.max(0, frame.getLineNumber()));
        if (code != null && call >= 0) {
            return code.isOwnConstructorCall(call);
        }
        // No or other byte code: if the frame's own object had entered, it would be on the list.
        int depth = frameCount - 1 - index;
        return running.stream().noneMatch(r -> r.covers(depth));
    }

    private int newSite;

    /** Origin of the instance whose {@link #enter} was the last thing that happened. */
    Origin instanceOrigin() {
        return Frames.origin(frames, newSite, frameCount);
    }

    /** Whether the constructor of a module of this session is still running. Costs a walk of the stack. */
    boolean isRunning(Module module) {
        if (!module.isOpen()) {
            return false;
        }
        if (innermostScope() == module) {
            return true; // within its when(), and that is a method only it can call
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

    private void dropEnded() {
        while (!running.isEmpty() && !stillRuns(running.get(running.size() - 1))) {
            running.remove(running.size() - 1).module.close();
        }
    }

    private boolean stillRuns(Running entry) {
        int index = frameCount - 1 - entry.depth;
        for (var constructor : entry.constructors) {
            if (index < 0 || frames[index].getDeclaringClass() != constructor.type) {
                return false;
            }
            var frame = frames[index];
            int at = frame.getByteCodeIndex();
            if (at != constructor.callsNext) {
                return at > constructor.callsNext
                        && frame.getMethodName().equals(CONSTRUCTOR)
                        && frame.getDescriptor().equals(constructor.descriptor);
            }
            index--;
        }
        return false;
    }

    /** Takes the frames from here down to {@link Circuit#of}. */
    private void capture() {
        frameCount = 0;
        atBase = false;
        DEEP_WALKER.walk(capture);
        if (!atBase) {
            throw misuse("outside-elaboration", "a module is made by another thread than its circuit", NO_THREADS);
        }
    }

    private final Function<Stream<StackFrame>, @Nullable Void> capture = stream -> {
        var all = stream.spliterator();
        while (!atBase && all.tryAdvance(this::take)) {
            // take decides
        }
        return null;
    };

    private void take(StackFrame frame) {
        if (frame.getDeclaringClass() == Circuit.class) {
            atBase = true;
            return;
        }
        if (frameCount == frames.length) {
            frames = Arrays.copyOf(frames, 2 * frameCount);
        }
        frames[frameCount++] = frame;
    }

    // ---- recordings ----

    Recording record(Module module, ModuleKey key) {
        var keyed = recordings.computeIfAbsent(key.type(), k -> new ArrayList<>());
        for (var entry : keyed) {
            if (entry.key.equals(key)) {
                return new Recording(this, module, key, entry.recordings);
            }
        }
        var entry = new Keyed(key, new ArrayList<>());
        keyed.add(entry);
        return new Recording(this, module, key, entry.recordings);
    }

    private record Keyed(ModuleKey key, List<Recording> recordings) {}

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

    // ---- operators made of several items ----

    /** Runs something whose items are parts of one that follows, and have no claim to the name that Java gives. */
    static <T> T part(Supplier<T> make) {
        var session = CURRENT.get();
        if (session == null) {
            return make.get();
        }
        session.parts++;
        try {
            return make.get();
        } finally {
            session.parts--;
        }
    }

    boolean inPart() {
        return parts > 0;
    }

    /** Runs something that makes the item for a leaf of a bundle or vector, such as {@code _req_valid}. */
    static <T> T leaf(String path, Supplier<T> make) {
        var session = CURRENT.get();
        if (session == null) {
            return make.get();
        }
        String before = session.path;
        session.path = path;
        try {
            return make.get();
        } finally {
            session.path = before;
        }
    }

    String path() {
        return path;
    }

    /** Modules without a parent, and where they were made. */
    Map<Module, Loc> roots() {
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
        return Frames.place();
    }

    /** Notes what {@code toString} said of a signal, which does not belong into texts that hardware prints. */
    void described(String text) {
        descriptions.add(text);
    }

    /** A description of a signal that a text contains, or null. */
    @Nullable
    String descriptionIn(String text) {
        for (String description : descriptions) {
            if (text.contains(description)) {
                return description;
            }
        }
        return null;
    }

    /** Reports what would only be a consequence of an error. */
    void reportIfSound(Diagnostic diagnostic) {
        if (isSound()) {
            report(diagnostic);
        }
    }

    /** Whether there is no error so far. */
    boolean isSound() {
        return diagnostics.stream().noneMatch(d -> d.severity() == Severity.ERROR);
    }

    void report(Diagnostic diagnostic) {
        if (diagnostics.contains(diagnostic)) {
            return;
        }
        // Many of one kind at one place, such as the elements of a vector, are one mistake.
        Loc place = diagnostic.sites().get(0).loc();
        var alike = perPlace.computeIfAbsent(diagnostic.code() + " " + place, k -> new LinkedHashSet<>());
        alike.add(diagnostic);
        if (alike.size() <= SHOWN_PER_PLACE) {
            diagnostics.add(diagnostic);
        }
    }

    void error(String code, String message, @Nullable String hint) {
        report(Diagnostic.error(code, place(), message, hint));
    }

    List<Diagnostic> diagnostics() {
        var all = new ArrayList<>(diagnostics);
        perPlace.values().forEach(alike -> {
            if (alike.size() > SHOWN_PER_PLACE) {
                var first = alike.iterator().next();
                var place = first.sites().get(0).loc();
                String message = "and " + (alike.size() - SHOWN_PER_PLACE) + " more like this at " + place;
                all.add(new Diagnostic(first.code(), first.severity(), message, List.of(), null));
            }
        });
        return all;
    }
}
