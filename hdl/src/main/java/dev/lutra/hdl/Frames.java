// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Loc;
import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.List;
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

    static Origin origin(StackWalker walker) {
        return walker.walk(stream -> {
            var used = new ArrayList<Use>();
            String callee = "";
            for (var all = stream.iterator(); all.hasNext(); ) {
                var frame = all.next();
                if (take(frame, callee, used)) {
                    break;
                }
                callee = frame.getMethodName();
            }
            return combine(used);
        });
    }

    /** Origin by frames already taken, the innermost first. */
    static Origin origin(List<StackFrame> frames, String callee) {
        var used = new ArrayList<Use>();
        for (var frame : frames) {
            if (take(frame, callee, used)) {
                break;
            }
            callee = frame.getMethodName();
        }
        return combine(used);
    }

    /** A user frame standing at a call. */
    private record Use(CallSite site, boolean lambda, Class<?> type) {}

    /** Collects a frame; true when it was the last one wanted. */
    private static boolean take(StackFrame frame, String callee, List<Use> used) {
        Class<?> type = frame.getDeclaringClass();
        if (type == Circuit.class) {
            return true;
        }
        if (!IS_USER.get(type)) {
            return false;
        }
        String method = frame.getMethodName();
        used.add(new Use(CallSite.of(frame, callee), method.startsWith("lambda$"), type));
        return used.size() == MAX_USER_FRAMES || method.equals("<init>") && Module.class.isAssignableFrom(type);
    }

    private static Origin combine(List<Use> used) {
        if (used.isEmpty()) {
            return Origin.UNKNOWN;
        }
        if (used.size() == 1) {
            return used.get(0).site.origin();
        }
        @Nullable Loc loc = null;
        for (int i = used.size() - 1; i >= 0; i--) {
            var use = used.get(i);
            // The body of a lambda stands inside its caller in the source: no call to speak of.
            boolean inside = use.lambda && i + 1 < used.size() && used.get(i + 1).type == use.type;
            var here = use.site.origin().loc();
            loc = new Loc(here.file(), here.line(), inside && loc != null ? loc.caller() : loc);
        }
        var inner = used.get(0).site.origin();
        return new Origin(loc == null ? Loc.UNKNOWN : loc, inner.name(), inner.strength(), inner.site());
    }
}
