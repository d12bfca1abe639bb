// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What state belongs to: a clock, whose rising edge counts, and a reset.
 *
 * @param clock an input of the module; null: the module's own clock {@code clk}
 * @param reset a signal of type {@link Type.Reset}; null: the module's own reset where the clock is its own, else none
 */
public record Domain(@Nullable Signal clock, @Nullable Signal reset) {

    /** The clock and reset that the module gets from where its instance is made. */
    public static final Domain OWN = new Domain(null, null);

    public Domain {
        if (clock != null && !(clock.type() instanceof Type.Clock)) {
            throw new IllegalArgumentException(clock + " is no clock");
        }
        if (reset != null && !(reset.type() instanceof Type.Reset)) {
            throw new IllegalArgumentException(reset + " is no reset");
        }
    }

    /** Whether this is {@link #OWN}. */
    public boolean isOwn() {
        return clock == null;
    }

    /** Whether a register of the domain can have a reset value. */
    public boolean resets() {
        return isOwn() || reset != null;
    }

    /** The kind of the reset, given that of the module's own. */
    public ResetKind kind(ResetKind own) {
        return reset != null && reset.type() instanceof Type.Reset type ? type.kind() : own;
    }

    /** By hand: a record's generated one takes long to start. */
    @Override
    public int hashCode() {
        return 31 * Objects.hashCode(clock) + Objects.hashCode(reset);
    }

    @Override
    public String toString() {
        return clock == null ? "clk" : clock.name();
    }
}
