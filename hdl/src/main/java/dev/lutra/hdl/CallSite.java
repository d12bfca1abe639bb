// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Loc;
import java.lang.StackWalker.StackFrame;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A call in the user's code and what becomes of its result. */
final class CallSite {
    /** A place in a class. No record: their generated methods take long to start. */
    private static final class Key {
        private final String method;
        private final String descriptor;
        private final int bci;

        Key(StackFrame frame) {
            method = frame.getMethodName();
            descriptor = frame.getDescriptor();
            bci = frame.getByteCodeIndex();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that
                    && bci == that.bci
                    && method.equals(that.method)
                    && descriptor.equals(that.descriptor);
        }

        @Override
        public int hashCode() {
            return (method.hashCode() * 31 + descriptor.hashCode()) * 31 + bci;
        }
    }

    private static final ClassValue<Map<Key, CallSite>> CACHE = new ClassValue<>() {
        @Override
        protected Map<Key, CallSite> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    };

    private static final String LAMBDA = "lambda$";

    private final boolean inLambda;
    private final Destination destination;
    private final Origin origin;

    private CallSite(StackFrame frame, @Nullable StackFrame callee) {
        inLambda = isLambda(frame.getMethodName());
        var loc = place(
                frame.getFileName(),
                frame.getLineNumber(),
                frame.getDeclaringClass().getName(),
                frame.getMethodName());
        String called = callee == null ? "" : callee.getMethodName();
        destination = destination(frame, called, loc.line());
        origin = new Origin(
                loc, destination.name(), destination.strength(), this, destination.dropped() ? called : null);
    }

    /** The call that a frame stands at; {@code callee} is the frame of the method called. */
    static CallSite of(StackFrame frame, @Nullable StackFrame callee) {
        var key = new Key(frame);
        var sites = CACHE.get(frame.getDeclaringClass());
        var known = sites.get(key);
        return known != null ? known : sites.computeIfAbsent(key, k -> new CallSite(frame, callee));
    }

    /** What a frame says of its place, without callers. */
    static Loc place(@Nullable String file, int line, String className, String method) {
        return new Loc(file == null ? "" : file, Math.max(0, line), className, sourceMethod(method), null);
    }

    /** Whether a method as the frame names it is the body of a lambda. */
    static boolean isLambda(String method) {
        return method.startsWith(LAMBDA);
    }

    /** The method in the source: a lambda's body is {@code lambda$around$0}, with {@code new} for a constructor. */
    static String sourceMethod(String name) {
        int end = name.lastIndexOf('$');
        if (!isLambda(name) || end < LAMBDA.length()) {
            return name;
        }
        String around = name.substring(LAMBDA.length(), end);
        return around.equals("new") ? "<init>" : around.equals("static") ? "<clinit>" : around;
    }

    private static Destination destination(StackFrame frame, String called, int line) {
        var code = ClassCode.method(frame.getDeclaringClass(), frame.getMethodName(), frame.getDescriptor());
        if (code == null) {
            return Destination.UNKNOWN;
        }
        int call = code.callAt(frame.getByteCodeIndex(), called, line);
        if (call < 0) {
            call = code.interfaceCallAt(frame.getByteCodeIndex(), line); // a method reference, whose frame Java hides
        }
        if (call < 0) {
            call = code.onlyCallOn(line, called); // an agent has moved the code; lines it keeps
        }
        return call < 0 ? Destination.UNKNOWN : Destination.of(code, call);
    }

    /** The origin of what the call makes, as far as this frame alone tells. */
    Origin origin() {
        return origin;
    }

    Destination destination() {
        return destination;
    }

    /** Whether the class was compiled without names of local variables. */
    @SuppressWarnings("ReferenceEquality") // equal to UNKNOWN in value
    boolean isNameless() {
        return destination == Destination.NAMELESS;
    }

    boolean isInLambda() {
        return inLambda;
    }
}
