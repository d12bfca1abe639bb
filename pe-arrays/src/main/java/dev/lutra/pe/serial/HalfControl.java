// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** What all {@link HalfPe} of a column share: flags and the scale of a group, in step with its sum. */
final class HalfControl extends Module {
    final Bool valid = in(bool());
    final Bool groupFirst = in(bool());
    final Bool groupLast = in(bool());

    /** Unsigned scale of the group, with {@code groupLast}. */
    final UInt scale = in(uint(SerialCycles.SCALE));

    /** A cycle after a group's first slot. */
    final Bool starts = out(bool());

    /** Two cycles after its last slot. */
    final Bool load = out(bool());

    /** In the 7 cycles after that. */
    final Bool more = out(bool());

    /** With load. */
    final UInt loadScale = out(uint(SerialCycles.SCALE));

    HalfControl() {
        doc("Flags and scale of a group for the elements of a column.");
        starts.set(flag(valid.and(groupFirst)));
        var loads = flag(flag(valid.and(groupLast)));
        load.set(loads);
        var left = reg(uint(SerialCycles.SCALE - 1)).init(0);
        when(loads, () -> left.set((1 << SerialCycles.SCALE - 1) - 1))
                .elseWhen(left.bit(0), () -> left.set(left.shr(1)));
        more.set(left.bit(0));
        loadScale.set(later(later(scale)));
    }

    private UInt later(UInt value) {
        var stage = reg(uint(value.width()));
        stage.set(value);
        return stage;
    }

    /** The flag a cycle later; false after reset. */
    private Bool flag(Bool value) {
        var stage = reg(bool()).init(false);
        stage.set(value);
        return stage;
    }
}
