// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

import org.jspecify.annotations.Nullable;

/** An outside program (Verilator, the C++ compiler, Icarus) is missing or failed. The message holds its first real error, the hint what to do. */
public final class ToolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String tool;
    private final @Nullable String hint;
    private final String problem;

    public ToolException(String tool, String message, @Nullable String hint) {
        this(tool, message, hint, null);
    }

    public ToolException(String tool, String message, @Nullable String hint, @Nullable Throwable cause) {
        this(tool, message, message, hint, cause);
    }

    private ToolException(
            String tool, String problem, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.tool = tool;
        this.problem = problem;
        this.hint = hint;
    }

    /** The same failure, whose message begins with the user's file and line. */
    public ToolException atCaller() {
        return new ToolException(tool, problem, Caller.place() + ": " + problem, hint, this);
    }

    /** The message without the line that asked for the program, for users of a command. */
    public String problem() {
        return problem;
    }

    /** The program's name as one would type it. */
    public String tool() {
        return tool;
    }

    public @Nullable String hint() {
        return hint;
    }
}
