// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;
import java.util.List;

/** The greatest exponent of a block ({@link SharedExponent}, step 2), which passes ahead of its products. */
public final class ExponentScan extends Pipelined {

    /** @param lanes activations a cycle */
    public record Params(int lanes) {
        /** Cycles from the last activations of a block to its exponent. */
        public int latency() {
            return 1 + (SignTree.levels(lanes) + 1) / 2;
        }
    }

    /** Activations of a block. */
    public final Bool valid = in(bool());

    /** The first ones of a block. */
    public final Bool first = in(bool());

    /** Binary16 numbers. */
    public final Bits activations;

    /** The greatest exponent field, 1 at least, until the next activations are in it. */
    public final UInt exponent = out(uint(5));

    /** A scan. */
    public ExponentScan(Params p) {
        super(p);
        doc("The greatest exponent of the binary16 numbers of a block, %d cycles after the last ones."
                .formatted(p.latency()));
        activations = in(bits(16 * p.lanes()));
        List<UInt> level = new ArrayList<>();
        for (int k = 0; k < p.lanes(); k++)
            level.add(activations.bits(16 * k + 14, 16 * k + 10).asUInt());
        var enable = valid;
        var start = first;
        for (int l = 0; level.size() > 1; l++) {
            var next = new ArrayList<UInt>();
            for (int i = 0; i < level.size(); i += 2) {
                next.add(i + 1 < level.size() ? level.get(i).max(level.get(i + 1)) : level.get(i));
            }
            level = next;
            if (l % 2 == 1 || level.size() == 1) {
                level = level.stream().map(this::registered).toList();
                enable = registered(enable);
                start = registered(start);
            }
        }
        var most = reg(uint(5));
        var base = mux(start, Hdl.lit(1, 5), most);
        var greatest = base.max(level.get(0));
        when(enable, () -> most.set(greatest));
        exponent.set(most);
    }
}
