// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** Leads all {@link TableWriter}s of an array through the entries of their tables. */
final class WriterControl extends Module {

    record Params(int g) {}

    final Bool load = in(bool());
    final TableWriter.Step step;
    final Bool write = out(bool());
    final UInt entry;

    WriterControl(Params p) {
        super(p);
        doc(
                "From the cycle after 'load' on: G cycles that add the activations up, then one entry per cycle in the order of the Gray code.");
        int g = p.g();
        step = out(new TableWriter.Step(g));
        entry = out(uint(g - 1));
        var adding = reg(bool()).init(false);
        var writing = reg(bool()).init(false);
        var count = reg(uint(g - 1));
        var sumDone = count.eq(g - 1);
        when(load, () -> {
                    adding.set(true);
                    writing.set(false);
                    count.set(0);
                })
                .elseWhen(adding.and(sumDone), () -> {
                    adding.set(false);
                    writing.set(true);
                    count.set(0);
                })
                .otherwise(() -> {
                    count.set(count.wrapAdd(1));
                    when(count.eq((1 << g - 1) - 1), () -> writing.set(false));
                });
        write.set(writing);
        var gray = wire(uint(g - 1));
        gray.set(count.xor(count.shr(1)));
        entry.set(gray);
        // The entry after this one differs in the bit of the lowest 0 of the count.
        var next = wire(uint(step.which.width()));
        next.set(0);
        var set = wire(bool());
        set.set(false);
        for (int k = g - 2; k >= 0; k--) {
            int bit = k;
            when(count.bit(k).not(), () -> {
                next.set(bit);
                set.set(gray.bit(bit));
            });
        }
        step.clear.set(load);
        step.enable.set(adding.or(writing));
        step.twice.set(writing);
        step.which.set(mux(adding, adding(count, step.which.width()), next));
        step.subtract.set(writing.andNot(set));
    }

    private static UInt adding(UInt count, int width) {
        return count.width() < width ? count.extend(width) : count.truncate(width);
    }
}
