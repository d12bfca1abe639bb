// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.ir.Type;
import java.util.Objects;

/** A reset for {@link Module#domain}. Its type says when it acts and at which level, so kinds cannot be mixed up. */
public final class Reset extends Ground {
    private final ResetKind kind;

    Reset(ResetKind kind) {
        super(new Type.Reset(Objects.requireNonNull(kind)));
        this.kind = kind;
    }

    @Override
    Reset ofWidth(int width) {
        return new Reset(kind);
    }

    /** When it acts, and at which level. */
    public ResetKind kind() {
        return kind;
    }

    /** Whether it resets now, whatever its level. */
    public Bool isActive() {
        if (!kind.activeLow()) {
            return Build.unary(Op.REINTERPRET, this, new Bool());
        }
        var level = Session.part(() -> Build.unary(Op.REINTERPRET, this, new Bool()));
        return Build.unary(Op.NOT, level, new Bool());
    }
}
