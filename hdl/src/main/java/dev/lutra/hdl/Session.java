// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@link Circuit#of}: the modules under construction, the open conditional scopes and the findings so far. It
 * belongs to one thread.
 */
final class Session {
    private static final ThreadLocal<@Nullable Session> CURRENT = new ThreadLocal<>();
    private static final int SHOWN_PER_PLACE = 3;
    private static final String NO_THREADS = "do not build hardware in parallel streams or threads";
    static final String NO_STATIC =
            "keep no signal or module in a static field: each elaboration makes its own in the module's constructor";

    private final @Nullable Session outer;
    private final Thread thread = Thread.currentThread();
    private final Constructions constructions = new Constructions();
    private final Map<Module, Loc> roots = new LinkedHashMap<>();
    private final List<Module> scopes = new ArrayList<>();
    private final Map<Class<?>, List<Keyed>> recordings = new HashMap<>();
    private final Set<Diagnostic> diagnostics = new LinkedHashSet<>();
    private final Map<String, Set<Diagnostic>> perPlace = new LinkedHashMap<>();
    private final Set<String> descriptions = new LinkedHashSet<>();
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

    /** Called by the constructor of {@link Module}. Returns its parent: the innermost module whose constructor is running. */
    @Nullable
    Module enter(Module module) {
        requireOpen();
        var parent = constructions.enter(module);
        if (parent == null) {
            roots.put(module, instanceOrigin().loc());
        }
        return parent;
    }

    /** Origin of the instance whose {@link #enter} was the last thing that happened. */
    Origin instanceOrigin() {
        return constructions.instanceOrigin();
    }

    /** Whether the constructor of a module of this session is still running. May cost a walk of the stack. */
    boolean isRunning(Module module) {
        if (!module.isOpen()) {
            return false;
        }
        if (innermostScope() == module) {
            return true; // within its when(), and that is a method only it can call
        }
        constructions.current();
        return module.isOpen();
    }

    /** The innermost module whose constructor is running. Costs a walk of the stack. */
    Module currentModule() {
        requireOpen();
        var module = constructions.current();
        if (module == null) {
            throw misuse(
                    "outside-module",
                    "hardware is described outside any module",
                    "describe it in the constructor of a class that extends Module");
        }
        return module;
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
