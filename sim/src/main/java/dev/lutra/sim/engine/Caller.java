// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

import java.lang.StackWalker.StackFrame;
import java.net.URL;
import java.security.CodeSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The user's line that called the simulator. */
public final class Caller {
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final String PACKAGE = "dev.lutra.sim";
    private static final @Nullable String HOME = home(Caller.class);

    /** Frames that are no user's: this module's (its tests are in the same packages, elsewhere), and the JDK's. */
    private static final ClassValue<Boolean> INSIDE = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            ClassLoader loader = type.getClassLoader();
            String name = type.getPackageName();
            return loader == null
                    || loader == ClassLoader.getPlatformClassLoader()
                    || (name.equals(PACKAGE) || name.startsWith(PACKAGE + ".")) && Objects.equals(home(type), HOME);
        }
    };

    private Caller() {}

    /** File and line, such as {@code CounterTest.java:31}; class and method where the class file does not say. */
    public static String place() {
        return WALKER.walk(frames -> frames.filter(frame -> !INSIDE.get(frame.getDeclaringClass()))
                .findFirst()
                .map(Caller::place)
                .orElse("unknown place"));
    }

    private static String place(StackFrame frame) {
        return frame.getFileName() != null && frame.getLineNumber() > 0
                ? frame.getFileName() + ":" + frame.getLineNumber()
                : frame.getClassName() + "." + frame.getMethodName();
    }

    private static @Nullable String home(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        return location == null ? null : location.toExternalForm();
    }
}
