// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a slot adds to a sum of {@link TableCore}: a tree per plane, planes joined by their weights, scale and zero point. */
final class TableSum extends Pipelined {

    /**
     * Shape.
     *
     * @param totalBits width of the sum of all activations, 0: there are no zero points
     * @param scaleBits width of the scale, 0: entries are exact
     */
    record Params(
            int tables,
            int planes,
            int levels,
            int entryBits,
            int sumBits,
            int totalBits,
            int scaleBits,
            boolean leastFirst) {}

    /** Of table t in plane p at t planes + p. */
    final Vec<SInt> values;

    /** With the values: they are taken away. */
    final Vec<Bool> negate;

    /** With the last register of the trees, as what follows. */
    final @Nullable SInt total;

    final @Nullable Bits zeros;
    final @Nullable UInt scale;
    final @Nullable UInt pass;

    /** One cycle later. */
    final SInt sum;

    TableSum(Params p) {
        super(p);
        doc("Adds %d lookups in each of %d planes.".formatted(p.tables(), p.planes()));
        values = in(vec(p.tables() * p.planes(), i -> sint(p.entryBits())));
        negate = in(vec(p.tables() * p.planes(), i -> bool()));
        total = p.totalBits() > 0 ? in(sint(p.totalBits())) : null;
        zeros = p.totalBits() > 0 ? in(bits(p.planes())) : null;
        scale = p.scaleBits() > 0 ? in(uint(p.scaleBits())) : null;
        pass = p.leastFirst() ? in(uint(3)) : null;
        sum = out(sint(p.sumBits()));

        SInt joined = null;
        SInt zero = null;
        for (int plane = p.planes() - 1; plane >= 0; plane--) {
            var rows = new ArrayList<Row>();
            for (int t = 0; t < p.tables(); t++) {
                int at = t * p.planes() + plane;
                var away = negate.get(at);
                rows.add(new Row(Adders.complement(values.get(at), away), away));
            }
            var tree = Row.tree(rows, p.levels(), this::registered);
            joined = Adders.add(tree.value(), joined == null ? Hdl.slit(0, 1) : joined.shl(1), tree.carry());
            if (total != null && zeros != null) {
                var away = zeros.bit(plane).not();
                zero = Adders.add(Adders.complement(total, away), zero == null ? Hdl.slit(0, 1) : zero.shl(1), away);
            }
        }
        if (joined == null) throw new AssertionError("a core without planes");
        if (scale != null) joined = joined.shl(scale);
        if (zero != null) joined = joined.add(zero);
        if (pass != null) {
            var shifted = new ArrayList<SInt>();
            int passes = (8 + p.planes() - 1) / p.planes();
            for (int i = 0; i < passes; i++) shifted.add(fitted(joined.shl(i * p.planes()), p.sumBits()));
            joined = Hdl.select(pass, shifted);
        }
        sum.set(registered(fitted(joined, p.sumBits())));
    }

    static SInt tree(List<SInt> values) {
        if (values.size() == 1) return values.get(0);
        int half = values.size() / 2;
        return tree(values.subList(0, half)).add(tree(values.subList(half, values.size())));
    }

    private static SInt fitted(SInt value, int width) {
        return value.width() > width ? value.truncate(width) : value.extend(width);
    }
}
