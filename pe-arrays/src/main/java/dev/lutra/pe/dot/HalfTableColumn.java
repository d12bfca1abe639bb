// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.lib.fp.FloatAdder;
import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.hdl.lib.fp.IntegerToFloat;
import java.util.ArrayList;
import java.util.List;

/** One column of {@link HalfTableArray}. */
final class HalfTableColumn extends Pipelined {

    /** Cycles that a slot's sum takes to become a binary32 number. */
    static final int CONVERSION = 2;

    record Params(int g, int tables, int bits) {
        /** Cycles from the codes to the addition to the sum. */
        int stages() {
            return 3 + SignTree.stages(tables) + CONVERSION;
        }

        int entries() {
            return 1 << g - 1;
        }
    }

    /** A cycle after the codes: entry i of table t at 2^(G-1) t + i. */
    final Vec<Bits> entries;

    final Bits codes;

    /** With the slot's sum. */
    final UInt plane = in(uint(3));

    final Bool first = in(bool());
    final Bits initial = in(bits(32));
    final Bool enable = in(bool());
    final Bits sum = out(bits(32));

    HalfTableColumn(Params p) {
        super(p);
        doc("Lookups of %d tables of FP16, aligned to the greatest, added up, rounded once to binary32."
                .formatted(p.tables()));
        entries = in(vec(p.tables() * p.entries(), i -> bits(16)));
        codes = in(bits(p.g() * p.tables()));
        var code = registered(codes);
        var lookups = new ArrayList<Bits>();
        List<UInt> most = new ArrayList<>();
        for (int t = 0; t < p.tables(); t++) {
            var index = code.bits(p.g() * t + p.g() - 2, p.g() * t);
            List<Bits> level = entries.asList().subList(t * p.entries(), (t + 1) * p.entries());
            for (int bit = 0; level.size() > 1; bit++) {
                var next = new ArrayList<Bits>();
                for (int i = 0; i < level.size(); i += 2) next.add(mux(index.bit(bit), level.get(i + 1), level.get(i)));
                level = next;
            }
            var entry = level.get(0);
            var lookup = registered(cat(entry.bit(15).xor(code.bit(p.g() * t + p.g() - 1)), entry.bits(14, 0)));
            lookups.add(registered(lookup));
            most.add(exponent(lookup));
        }
        while (most.size() > 1) {
            var next = new ArrayList<UInt>();
            for (int i = 0; i < most.size(); i += 2) {
                next.add(i + 1 < most.size() ? most.get(i).max(most.get(i + 1)) : most.get(i));
            }
            most = next;
        }
        var greatest = registered(most.get(0));

        var rows = new ArrayList<Row>();
        for (Bits lookup : lookups) {
            var significand = cat(lookup.bits(14, 10).orR(), lookup.bits(9, 0), Hdl.lit(0, p.bits() - 10))
                    .asUInt()
                    .shr(1)
                    .truncate(p.bits());
            var aligned = significand.shr(greatest.wrapSub(exponent(lookup)));
            rows.add(new Row(Adders.complement(aligned.toSInt(), lookup.bit(15)), lookup.bit(15)));
        }
        var total = Row.tree(rows, this::registered);
        var whole = Adders.add(total.value(), Hdl.slit(0, total.value().width()), total.carry());
        var exponent = greatest;
        for (int i = 0; i < SignTree.stages(p.tables()); i++) exponent = registered(exponent);
        var converter =
                new IntegerToFloat(new IntegerToFloat.Params(whole.width(), 7, FloatFormat.BINARY32, CONVERSION));
        converter.a.set(whole);
        converter.scale.set(exponent.add(plane)
                .toSInt()
                .extend(8)
                .sub(Hdl.slit(14 + p.bits()))
                .truncate(7));
        var acc = reg(bits(32));
        var adder = new FloatAdder(new FloatAdder.Params(FloatFormat.BINARY32, 0));
        adder.subtract.set(false);
        adder.a.set(mux(first, initial, acc));
        adder.b.set(converter.result);
        when(enable, () -> acc.set(adder.result));
        sum.set(acc);
    }

    private UInt exponent(Bits half) {
        var field = half.bits(14, 10);
        return cat(field.bits(4, 1), field.bit(0).or(field.orR().not())).asUInt();
    }
}
