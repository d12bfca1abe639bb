// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

import org.jspecify.annotations.Nullable;

/** An outside program (Verilator, the C++ compiler, Icarus) is missing or failed. The message holds its first real error, the hint what to do. */
public final class ToolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String tool;
    private final @Nullable String hint;

    public ToolException(String tool, String message, @Nullable String hint) {
        this(tool, message, hint, null);
    }

    public ToolException(String tool, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.tool = tool;
        this.hint = hint;
    }

    /** The program's name as one would type it. */
    public String tool() {
        return tool;
    }

    public @Nullable String hint() {
        return hint;
    }
}
