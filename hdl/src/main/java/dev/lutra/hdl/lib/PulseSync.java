// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Reset;
import dev.lutra.hdl.ir.ResetKind;

/**
 * Brings pulses into another clock: each cycle with {@code in} true becomes one cycle with {@code out} true. Pulses must be
 * further apart than three periods of the slower clock.
 */
public final class PulseSync extends Module {
    /** @param reset kind of the reset of the clock that the pulses go to */
    public record Params(ResetKind reset) {}

    /** The clock that the pulses go to. */
    public final Clock clock = in(clock());
    /** Its reset. */
    public final Reset reset;
    /** Of the module's own clock. */
    public final Bool in = in(bool());
    /** Of {@link #clock}. */
    public final Bool out = out(bool());

    /** Pulses from the module's own clock to another. */
    public PulseSync(Params p) {
        super(p);
        reset = in(reset(p.reset()));
        doc("Passes pulses on to another clock as changes of a level.");
        var level = reg(bool()).init(false);
        level.set(level.xor(in));
        domain(clock, reset).use(() -> {
            var sync = new BitSync();
            sync.in.set(level);
            var last = reg(bool()).init(false);
            last.set(sync.out);
            out.set(sync.out.xor(last));
        });
    }
}
