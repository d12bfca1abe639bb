// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Loc;
import java.util.ArrayList;
import java.util.function.Supplier;

/**
 * The stack at the time this was made, for a place that is hardly ever asked for. Taking it costs a third of walking the
 * stack (2 against 7 microseconds); reading it costs more, and has no byte-code indices, so names come from {@link Frames}.
 */
@SuppressWarnings("serial") // never serialised
final class StackTrace extends Throwable implements Supplier<Loc> {
    private static final String OURS = StackTrace.class.getPackageName() + ".";

    private final transient Module near;

    /** The stack of this call, made for a module. */
    StackTrace(Module near) {
        super(null, null, false, true);
        this.near = near;
    }

    /** The user frames, from the innermost out to a module's constructor; the same as {@link Frames#place} had given. */
    @Override
    public Loc get() {
        var user = new ArrayList<Frames.Step>();
        for (var frame : getStackTrace()) {
            String type = frame.getClassName();
            if (isOurs(type)) {
                if (type.equals(Circuit.class.getName())) {
                    break;
                }
            } else if (!isJdk(frame)) {
                String method = frame.getMethodName();
                user.add(new Frames.Step(
                        CallSite.place(frame.getFileName(), frame.getLineNumber(), type, method),
                        CallSite.isLambda(method)));
                if (user.size() == Frames.MAX_USER_FRAMES || method.equals("<init>") && isModule(type)) {
                    break;
                }
            }
        }
        return Frames.chain(user);
    }

    private static boolean isOurs(String type) {
        return type.startsWith(OURS) && type.indexOf('.', OURS.length()) < 0;
    }

    private static boolean isJdk(StackTraceElement frame) {
        String module = frame.getModuleName();
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }

    private boolean isModule(String type) {
        try {
            return Module.class.isAssignableFrom(
                    Class.forName(type, false, near.getClass().getClassLoader()));
        } catch (ClassNotFoundException e) {
            return false; // of another class loader: the chain of callers gets longer, and stays true
        }
    }
}
