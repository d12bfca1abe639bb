// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Loc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions that end a description although they are mistakes in it, told as findings: null handed to the language, an argument
 * that the library refuses, a description without end. What the user's own code throws is none of these and passes unchanged.
 */
final class Mishap {
    private static final String LANGUAGE = Mishap.class.getPackageName();
    /** Packages that a design does not call into except through the language. */
    private static final Set<String> INSIDE = Set.of(LANGUAGE, LANGUAGE + ".ir", LANGUAGE + ".pass");

    private static final String LIBRARY = LANGUAGE + ".lib.";
    private static final String HINT = "make the signal before it is used: is a field or array element still empty?";
    /** What Java says of it. */
    private static final Pattern CALL_ON_NULL =
            Pattern.compile("Cannot invoke \"dev\\.lutra\\.hdl\\.(?:\\w+\\.)+(\\w+)\\(.*\" because \"(.*)\" is null");

    private static final int MAX_CALLERS = 12;
    private static final int MAX_CAUSES = 16;

    private Mishap() {}

    /** The findings behind an exception, empty if it is the user's own. */
    static List<Diagnostic> findings(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) { // wrapped by reflection, a static initializer, a future
            if (cause instanceof HdlException rejected) {
                return rejected.diagnostics();
            }
            cause = cause.getCause();
        }
        if (thrown instanceof StackOverflowError) {
            return List.of(endless(thrown.getStackTrace()));
        }
        var trace = thrown.getStackTrace();
        int inner = 0;
        while (inner < trace.length && isJdk(trace[inner])) {
            inner++;
        }
        if (inner == trace.length) {
            return List.of();
        }
        if (thrown instanceof NullPointerException) {
            return nothing(thrown, trace, inner);
        }
        if (thrown instanceof IllegalArgumentException && isLibrary(trace[inner])) {
            return List.of(
                    Diagnostic.error("argument", place(trace, inner), String.valueOf(thrown.getMessage()), null));
        }
        return List.of();
    }

    /** Null handed to the language or the library, or one of its methods called on null. */
    private static List<Diagnostic> nothing(Throwable thrown, StackTraceElement[] trace, int inner) {
        int user = inner;
        while (user < trace.length && (isLanguage(trace[user]) || isLibrary(trace[user]) || isJdk(trace[user]))) {
            user++;
        }
        if (user > inner) {
            int called = user - 1;
            while (isJdk(trace[called])) {
                called--;
            }
            return List.of(
                    Diagnostic.error("null", place(trace, user), method(trace[called]) + " is given null", HINT));
        }
        var call = CALL_ON_NULL.matcher(String.valueOf(thrown.getMessage()));
        return call.matches()
                ? List.of(Diagnostic.error(
                        "null",
                        place(trace, user),
                        call.group(1) + "() is called on " + call.group(2) + ", which is null",
                        HINT))
                : List.of();
    }

    /** {@code uint()}, or {@code new Clock()}. */
    private static String method(StackTraceElement frame) {
        String type = frame.getClassName();
        return frame.getMethodName().equals("<init>")
                ? "new " + type.substring(type.lastIndexOf('.') + 1) + "()"
                : frame.getMethodName() + "()";
    }

    /** The user frame that recurs most often in what is left of the stack. */
    private static Diagnostic endless(StackTraceElement[] trace) {
        Map<StackTraceElement, Integer> counts = new HashMap<>();
        @Nullable StackTraceElement most = null;
        for (var frame : trace) {
            if (!isLanguage(frame) && !isJdk(frame)) {
                int count = counts.merge(frame, 1, Integer::sum);
                if (most == null || count > counts.getOrDefault(most, 0)) {
                    most = frame;
                }
            }
        }
        if (most == null) {
            return Diagnostic.error("endless", Loc.UNKNOWN, "the description does not end", null);
        }
        String type = most.getClassName();
        String name = type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
        boolean makes = most.getMethodName().equals("<init>");
        return Diagnostic.error(
                "endless",
                loc(most),
                makes
                        ? "the constructor of " + name + " makes another " + name + " without end"
                        : CallSite.sourceMethod(most.getMethodName()) + "() of " + name + " calls itself without end",
                "end the recursion with a case that does not recurse, such as a width or depth of 1");
    }

    /** The first user frame from an index, with its callers up to a constructor. */
    private static Loc place(StackTraceElement[] trace, int from) {
        var frames = new ArrayList<StackTraceElement>();
        for (int i = from; i < trace.length && frames.size() < MAX_CALLERS; i++) {
            var frame = trace[i];
            if (frame.getClassName().equals(Circuit.class.getName())) {
                break;
            }
            if (isLanguage(frame) || isLibrary(frame) || isJdk(frame)) {
                continue;
            }
            boolean inside = !frames.isEmpty() && isLambdaIn(frames.get(frames.size() - 1), frame);
            if (!inside) {
                frames.add(frame);
            }
            if (frame.getMethodName().equals("<init>")) {
                break;
            }
        }
        @Nullable Loc place = null;
        for (int i = frames.size() - 1; i >= 0; i--) {
            place = loc(frames.get(i)).calledFrom(place);
        }
        return place == null ? Loc.UNKNOWN : place;
    }

    private static boolean isLambdaIn(StackTraceElement inner, StackTraceElement outer) {
        return CallSite.isLambda(inner.getMethodName()) && inner.getClassName().equals(outer.getClassName());
    }

    private static Loc loc(StackTraceElement frame) {
        String file = frame.getFileName();
        return new Loc(
                file == null ? "" : file,
                Math.max(0, frame.getLineNumber()),
                frame.getClassName(),
                CallSite.sourceMethod(frame.getMethodName()),
                null);
    }

    private static boolean isLanguage(StackTraceElement frame) {
        String type = frame.getClassName();
        return INSIDE.contains(type.substring(0, Math.max(0, type.lastIndexOf('.'))));
    }

    private static boolean isLibrary(StackTraceElement frame) {
        return frame.getClassName().startsWith(LIBRARY);
    }

    private static boolean isJdk(StackTraceElement frame) {
        String module = frame.getModuleName();
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }
}
