// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Loc;
import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the user's place and names off stack frames. User frames are those outside this package and the JDK, from the
 * innermost out to the constructor of the module or to {@link Circuit#of}.
 */
final class Frames {
    private static final String OURS = Frames.class.getPackageName();
    private static final String LIBRARY = OURS + ".lib";
    static final int MAX_USER_FRAMES = 12;

    private static final String CONSTRUCTOR = "<init>";

    /** Frames of reflection are the JDK's anyway; to leave them out costs more than to look at them. */
    static final Set<StackWalker.Option> OPTIONS =
            Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE, StackWalker.Option.SHOW_REFLECT_FRAMES);

    static final StackWalker WALKER = StackWalker.getInstance(OPTIONS);

    /** Whose code a class outside this package is. */
    private enum Kind {
        JDK,
        USER,
        USER_MODULE
    }

    private static final ClassValue<Kind> KIND = new ClassValue<>() {
        @Override
        protected Kind computeValue(Class<?> type) {
            var loader = type.getClassLoader();
            if (loader == null || loader == ClassLoader.getPlatformClassLoader()) {
                return Kind.JDK;
            }
            return Module.class.isAssignableFrom(type) ? Kind.USER_MODULE : Kind.USER;
        }
    };

    private Frames() {}

    /** Whether a class belongs to this package. */
    static boolean isOurs(Class<?> type) {
        return type.getPackageName().equals(OURS); // one object with the class's, so this is quick
    }

    private static boolean isLibrary(Class<?> type) {
        return type.getPackageName().startsWith(LIBRARY);
    }

    /** Whether a class is a module, but none of this package: one of a user or of the library. */
    static boolean isUserModule(Class<?> type) {
        return !isOurs(type) && KIND.get(type) == Kind.USER_MODULE;
    }

    static boolean isConstructor(StackFrame frame) {
        return frame.getMethodName().equals(CONSTRUCTOR);
    }

    private static boolean isUser(Class<?> type) {
        return !isOurs(type) && KIND.get(type) != Kind.JDK;
    }

    /** Place of the innermost user frame, with its callers; one in the library only if there is no other. */
    static Loc place() {
        var origin = WALKER.walk(stream -> collect(stream, new Collector(true)));
        return (origin == Origin.UNKNOWN ? WALKER.walk(ORIGIN) : origin).loc();
    }

    /** Name of the method of this package that a user frame has called. */
    static String called() {
        return WALKER.walk(stream -> {
            String last = "";
            for (var all = stream.iterator(); all.hasNext(); ) {
                var frame = all.next();
                if (isUser(frame.getDeclaringClass())) {
                    break;
                }
                last = isOurs(frame.getDeclaringClass()) ? frame.getMethodName() : last;
            }
            return last;
        });
    }

    /** Whether the innermost frame with this method name was called by a user frame, itself or through {@link Objects}. */
    static boolean calledByUser(String method) {
        return WALKER.walk(stream -> {
            boolean found = false;
            for (var all = stream.iterator(); all.hasNext(); ) {
                var frame = all.next();
                if (found && frame.getDeclaringClass() != Objects.class) {
                    return isUser(frame.getDeclaringClass());
                }
                found |= frame.getMethodName().equals(method);
            }
            return false;
        });
    }

    /** Finds the origin of a call into this package that is going on; for {@link StackWalker#walk}. */
    static final Function<Stream<StackFrame>, Origin> ORIGIN = stream -> collect(stream, new Collector(false));

    private static Origin collect(Stream<StackFrame> stream, Collector collector) {
        var frames = stream.spliterator();
        while (!collector.done && frames.tryAdvance(collector)) {
            // the collector decides
        }
        return collector.origin();
    }

    /** Takes the user frames among those it is given, innermost first. */
    private static final class Collector implements Consumer<StackFrame> {
        private @Nullable StackFrame callee;
        private @Nullable Use first;
        private @Nullable List<Use> used;
        private boolean done;
        private final boolean skipsLibrary;

        Collector(boolean skipsLibrary) {
            this.skipsLibrary = skipsLibrary;
        }

        @Override
        public void accept(StackFrame frame) {
            Class<?> type = frame.getDeclaringClass();
            if (isOurs(type)) {
                done = type == Circuit.class;
                callee = frame;
                return;
            }
            var kind = KIND.get(type);
            if (kind != Kind.JDK && !(skipsLibrary && isLibrary(type))) {
                var use = new Use(CallSite.of(frame, callee), type);
                if (first == null) {
                    first = use;
                } else {
                    used = used == null ? new ArrayList<>(List.of(first)) : used;
                    used.add(use);
                    done = used.size() == MAX_USER_FRAMES;
                }
                done |= kind == Kind.USER_MODULE && isConstructor(frame);
            }
            callee = frame;
        }

        Origin origin() {
            if (first == null) {
                return Origin.UNKNOWN;
            }
            return used == null ? first.site.origin() : combine(used);
        }
    }

    /** Origin by frames already taken, the innermost first, of the object that is being made at the first of them. */
    static Origin origin(StackFrame[] frames, int from, int to) {
        var collector = new Collector(false);
        collector.callee = frames[from - 1];
        for (int i = from; i < to && !collector.done; i++) {
            collector.accept(frames[i]);
        }
        return collector.origin();
    }

    /** A user frame standing at a call. */
    private record Use(CallSite site, Class<?> type) {}

    /** A user frame as its place, without callers. */
    record Step(Loc loc, boolean inLambda) {}

    /** The innermost of the steps with the others as its callers. */
    static Loc chain(List<Step> steps) {
        @Nullable Loc loc = null;
        for (int i = steps.size() - 1; i >= 0; i--) {
            var here = steps.get(i).loc;
            // The body of a lambda stands inside its caller in the source: no call to speak of.
            boolean inside = steps.get(i).inLambda
                    && i + 1 < steps.size()
                    && steps.get(i + 1).loc.className().equals(here.className());
            loc = here.calledFrom(inside && loc != null ? loc.caller() : loc);
        }
        return loc == null ? Loc.UNKNOWN : loc;
    }

    private static Origin combine(List<Use> used) {
        var steps = new ArrayList<Step>(used.size());
        for (var use : used) {
            steps.add(new Step(use.site.origin().loc(), use.site.isInLambda()));
        }
        var inner = used.get(0).site.origin();
        return new Origin(chain(steps), name(used), strength(used), siteOfName(used), inner.dropped());
    }

    /**
     * The variable of the innermost frame, with those of its callers as prefixes; a value that is returned has the
     * caller's name alone.
     */
    private static @Nullable String name(List<Use> used) {
        @Nullable String name = null;
        for (int i = used.size() - 1; i >= 0; i--) {
            var destination = used.get(i).site.destination();
            if (destination.returned()) {
                continue;
            }
            String mine = destination.name();
            if (mine == null) {
                name = null; // nothing is known of the result at the caller's
            } else {
                name = name == null ? mine : name + "_" + mine;
            }
        }
        return name;
    }

    private static Origin.Strength strength(List<Use> used) {
        var strength = Origin.Strength.VARIABLE;
        for (var use : used) {
            var mine = use.site.destination().strength();
            if (mine == Origin.Strength.PART) {
                return mine;
            }
            if (mine == Origin.Strength.ELEMENT
                    || use.site.isInLambda() && use.site.destination().returned()) {
                strength = Origin.Strength.ELEMENT;
            }
            if (!use.site.destination().returned()) {
                return strength;
            }
        }
        return strength;
    }

    private static Object siteOfName(List<Use> used) {
        for (var use : used) {
            if (!use.site.destination().returned()) {
                return use.site;
            }
        }
        return used.get(0).site;
    }
}
