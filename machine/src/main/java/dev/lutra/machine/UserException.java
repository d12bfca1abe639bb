// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import org.jspecify.annotations.Nullable;

/**
 * Something the user can put right: the command line prints message and hint, without a stack trace, and ends with the exit code of its kind.
 *
 * <p>The message names the place (file and line, JSON path, tensor, byte offset) and the values; the hint says what to do.
 */
public class UserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, as far as a calling program needs to tell cases apart. */
    public enum Kind {
        /** A file, a prompt or a configuration that cannot be used. */
        BAD_INPUT,
        /** An outside program is missing or failed. */
        TOOL,
        /** A device cannot be opened, reports an error or does not answer in time. */
        DEVICE,
        /** A result differs from its reference. */
        MISMATCH
    }

    private final Kind kind;
    private final @Nullable String hint;

    /** A failure with its hint, both ready to be shown. */
    public UserException(Kind kind, String message, @Nullable String hint) {
        this(kind, message, hint, null);
    }

    /** As above, keeping the cause for {@code --debug}. */
    public UserException(Kind kind, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
    }

    /** A file, a prompt or a configuration that cannot be used. */
    public static UserException badInput(String message, @Nullable String hint) {
        return new UserException(Kind.BAD_INPUT, message, hint);
    }

    public Kind kind() {
        return kind;
    }

    /** What the user can do about it, or null if the message says it all. */
    public @Nullable String hint() {
        return hint;
    }
}
