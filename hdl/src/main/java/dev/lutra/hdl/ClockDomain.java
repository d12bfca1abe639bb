// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.ResetKind;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A clock with its reset. Registers, memory ports and statements that look, made within {@link #use} or {@link #make},
 * belong to it, and instances made there get it as their own clock and reset.
 */
public final class ClockDomain {
    private final Module module;
    private final int number;
    private final @Nullable Reset reset;

    ClockDomain(Module module, Clock clock, @Nullable Reset reset) {
        this.module = module;
        this.reset = reset;
        int from = Build.use(module, clock);
        int by = reset == null ? -1 : Build.use(module, reset);
        number = module.recording().add(Op.DOMAIN, null, from, by, -1);
    }

    /** What is made within belongs to this domain. */
    public void use(Runnable body) {
        make(() -> {
            body.run();
            return true;
        });
    }

    /** What is made within belongs to this domain. */
    public <T> T make(Supplier<T> body) {
        var here = module.session().currentModule();
        if (here != module) {
            module.session()
                    .error(
                            "clock-use",
                            "a domain of module " + module.shortName() + " is used in module " + here.shortName(),
                            "make the instance within the domain, or give " + here.shortName()
                                    + " an input of type clock()");
        }
        var around = module.enterDomain(this);
        module.recording().add(Op.ENTER, null, number, -1, -1);
        try {
            return body.get();
        } finally {
            module.recording().add(Op.LEAVE, null, -1, -1, -1);
            module.leaveDomain(around);
        }
    }

    /** The kind of an instance's own reset. */
    ResetKind kind() {
        return reset == null ? ResetKind.SYNC : reset.kind();
    }
}
