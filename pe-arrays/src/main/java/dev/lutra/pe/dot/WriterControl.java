// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** Leads all {@link TableWriter}s of an array through the entries of their tables. */
final class WriterControl extends Module {

    record Params(int g, boolean ternary) {}

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
        if (p.ternary()) {
            entry = out(uint(TernaryTable.INDEX_BITS));
            ternary();
            return;
        }
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

    /** The path of {@link TernaryTable}: entry 0 is written in the cycle after 'load'. */
    private void ternary() {
        var writing = reg(bool()).init(false);
        var count = reg(uint(TernaryTable.INDEX_BITS));
        when(load, () -> {
                    writing.set(true);
                    count.set(0);
                })
                .otherwise(() -> {
                    count.set(count.wrapAdd(1));
                    when(count.eq(TernaryTable.entries() - 1), () -> writing.set(false));
                });
        write.set(writing);
        entry.set(count);
        var which = wire(uint(step.which.width()));
        which.set(0);
        var subtract = wire(bool());
        subtract.set(false);
        for (int i = 0; i + 1 < TernaryTable.entries(); i++) {
            int at = i;
            when(count.eq(i), () -> {
                for (int k = 0; k < TernaryTable.G; k++) {
                    int change = TernaryTable.vector(at + 1).get(k)
                            - TernaryTable.vector(at).get(k);
                    if (change == 0) continue;
                    which.set(k);
                    subtract.set(change < 0);
                }
            });
        }
        step.clear.set(load);
        step.enable.set(writing);
        step.twice.set(false);
        step.which.set(which);
        step.subtract.set(subtract);
    }

    private static UInt adding(UInt count, int width) {
        return count.width() < width ? count.extend(width) : count.truncate(width);
    }
}
