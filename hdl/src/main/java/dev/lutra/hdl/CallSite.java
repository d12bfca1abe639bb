// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Loc;
import java.lang.StackWalker.StackFrame;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A call in the user's code. */
final class CallSite {
    private record Key(String method, String descriptor, int bci) {}

    private static final ClassValue<Map<Key, CallSite>> CACHE = new ClassValue<>() {
        @Override
        protected Map<Key, CallSite> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    };

    private final Origin origin;

    private CallSite(StackFrame frame) {
        String file = frame.getFileName();
        var loc = file == null ? Loc.UNKNOWN : new Loc(file, Math.max(0, frame.getLineNumber()));
        origin = new Origin(loc, null, Origin.Strength.VARIABLE, this);
    }

    /** The call that a frame stands at; {@code callee} is the name of the method called. */
    static CallSite of(StackFrame frame, String callee) {
        var key = new Key(frame.getMethodName(), frame.getDescriptor(), frame.getByteCodeIndex());
        return CACHE.get(frame.getDeclaringClass()).computeIfAbsent(key, k -> new CallSite(frame));
    }

    Origin origin() {
        return origin;
    }
}
