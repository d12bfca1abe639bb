// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;

/**
 * Brings one bit into the module's own clock through a chain of registers. The input must come straight from a register and
 * stay for more than a period of this clock; several bits brought over by several of these do not stay together.
 */
public final class BitSync extends Module {
    /** @param stages registers in the chain, at least 2 */
    public record Params(int stages) {
        public Params {
            if (stages < 2) {
                throw new IllegalArgumentException("a synchroniser of " + stages + " stages: at least 2");
            }
        }
    }

    /** Of any clock. */
    public final Bool in = in(bool());
    /** Of the module's own clock, {@code stages} edges later. */
    public final Bool out = out(bool());

    /** Two registers. */
    public BitSync() {
        this(new Params(2));
    }

    /** A chain of a given length. */
    public BitSync(Params p) {
        super(p);
        doc("Brings a bit into this clock through " + p.stages() + " registers.");
        var stage = new Bool[p.stages()];
        for (int i = 0; i < stage.length; i++) {
            stage[i] = reg(bool()).init(false);
            attribute(stage[i], "async_reg", "true");
            stage[i].set(i == 0 ? crossing(in) : stage[i - 1]);
        }
        out.set(stage[stage.length - 1]);
    }
}
