// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Loc;
import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the user's place and names off stack frames. User frames are those outside this package and the JDK, from the
 * innermost out to the constructor of the module or to {@link Circuit#of}.
 */
final class Frames {
    private static final String OURS = Frames.class.getPackageName();
    private static final int MAX_USER_FRAMES = 12;

    private static final ClassValue<Boolean> IS_USER = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            String name = type.getPackageName();
            return !name.equals(OURS)
                    && !name.startsWith("java.")
                    && !name.startsWith("jdk.")
                    && !name.startsWith("sun.");
        }
    };

    private Frames() {}

    /** Whether a class belongs to this package. */
    static boolean isOurs(Class<?> type) {
        return type.getPackageName().equals(OURS);
    }

    /** Place of the innermost user frame, with its callers. */
    static Loc place(StackWalker walker) {
        return origin(walker).loc();
    }

    /** Whether the innermost frame with this method name was called by a user frame. */
    static boolean calledByUser(String method) {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(stream -> {
                    boolean found = false;
                    for (var all = stream.iterator(); all.hasNext(); ) {
                        var frame = all.next();
                        if (found) {
                            return IS_USER.get(frame.getDeclaringClass());
                        }
                        found = frame.getMethodName().equals(method);
                    }
                    return false;
                });
    }

    /** Origin of a call into this package that is going on. */
    static Origin origin(StackWalker walker) {
        return walker.walk(FROM_HERE);
    }

    private static final Function<Stream<StackFrame>, Origin> FROM_HERE = stream -> {
        var frames = stream.iterator();
        @Nullable StackFrame callee = null;
        @Nullable Use first = null;
        @Nullable List<Use> used = null;
        while (frames.hasNext()) {
            var frame = frames.next();
            Class<?> type = frame.getDeclaringClass();
            if (type == Circuit.class || used != null && used.size() == MAX_USER_FRAMES) {
                break;
            }
            if (IS_USER.get(type)) {
                var use = use(frame, callee);
                if (first == null) {
                    first = use;
                } else {
                    used = used == null ? new ArrayList<>(List.of(first)) : used;
                    used.add(use);
                }
                if (isModuleConstructor(frame)) {
                    break;
                }
            }
            callee = frame;
        }
        if (first == null) {
            return Origin.UNKNOWN;
        }
        return used == null ? first.site.origin() : combine(used);
    };

    /** Origin by frames already taken, the innermost first, of the object that is being made at the first of them. */
    static Origin origin(StackFrame[] frames, int from, int to) {
        var used = new ArrayList<Use>();
        for (int i = from; i < to && used.size() < MAX_USER_FRAMES; i++) {
            if (IS_USER.get(frames[i].getDeclaringClass())) {
                used.add(use(frames[i], frames[i - 1]));
                if (isModuleConstructor(frames[i])) {
                    break;
                }
            }
        }
        if (used.isEmpty()) {
            return Origin.UNKNOWN;
        }
        return used.size() == 1 ? used.get(0).site.origin() : combine(used);
    }

    private static boolean isModuleConstructor(StackFrame frame) {
        return Module.class.isAssignableFrom(frame.getDeclaringClass())
                && frame.getMethodName().equals("<init>");
    }

    /** A user frame standing at a call. */
    private record Use(CallSite site, boolean lambda, Class<?> type) {}

    private static Use use(StackFrame frame, @Nullable StackFrame callee) {
        var site = CallSite.of(frame, callee);
        return new Use(site, site.isInLambda(), frame.getDeclaringClass());
    }

    private static Origin combine(List<Use> used) {
        @Nullable Loc loc = null;
        for (int i = used.size() - 1; i >= 0; i--) {
            var use = used.get(i);
            // The body of a lambda stands inside its caller in the source: no call to speak of.
            boolean inside = use.lambda && i + 1 < used.size() && used.get(i + 1).type == use.type;
            var here = use.site.origin().loc();
            loc = new Loc(here.file(), here.line(), inside && loc != null ? loc.caller() : loc);
        }
        var inner = used.get(0).site.origin();
        return new Origin(
                loc == null ? Loc.UNKNOWN : loc, name(used), strength(used), siteOfName(used), inner.dropped());
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
                    || use.lambda && use.site.destination().returned()) {
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
