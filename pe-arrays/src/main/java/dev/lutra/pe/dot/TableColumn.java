// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;
import java.util.List;

/** The lookups of one column in tables of registers, their tree and the sum. */
final class TableColumn extends Pipelined {

    record Params(TableRegisters.Params table, int tables, int sumBits) {
        /** Cycles from the codes to the addition to the sum. */
        int stages() {
            return 3 + SignTree.stages(tables);
        }
    }

    final Vec<SInt> entries;
    final Bits codes;
    final Bits clear;
    final Bits preset;
    final Bool treeOdd = in(bool());
    final Bits keep;
    final Bits low;
    final Bool enable = in(bool());
    final SInt sum;

    TableColumn(Params p) {
        super(p);
        doc("Lookups of %d tables of registers (%s), added up."
                .formatted(p.tables(), p.table().kind()));
        int g = p.table().g();
        entries = in(vec(p.tables() * p.table().entries(), i -> sint(p.table().entryBits())));
        int word = p.table().kind().codeBits(g);
        codes = in(bits(p.tables() * word));
        clear = in(bits(p.tables()));
        preset = in(bits(p.tables()));
        keep = in(bits(p.sumBits()));
        low = in(bits(p.sumBits()));
        sum = out(sint(p.sumBits()));
        var acc = reg(sint(p.sumBits()));
        var base = BitSerial.base(acc, keep, low);
        var early = registered(codes);
        var code = registered(early);
        SInt next;
        if (p.table().kind() == TableKind.MAPPED || p.table().kind() == TableKind.TERNARY) {
            var values = new ArrayList<SInt>();
            var signs = new ArrayList<Bool>();
            var carries = new ArrayList<Bool>();
            for (int t = 0; t < p.tables(); t++) {
                int top = word * t + word - 1;
                values.add(registered(lookup(p, t, code.bits(top - 1, word * t))));
                signs.add(registered(code.bit(top)));
                carries.add(carry(early.bit(top), clear.bit(t), preset.bit(t)));
            }
            var tree = SignTree.sum(values, signs, carries, this::registered);
            var subtract = signs.get(0);
            for (int i = 3; i < p.stages(); i++) subtract = registered(subtract);
            next = Adders.wrapAdd(
                    cat(tree, treeOdd).asSInt().extend(p.sumBits()), Adders.complement(base, subtract), subtract);
        } else {
            var rows = new ArrayList<Row>();
            for (int t = 0; t < p.tables(); t++) {
                var bits = code.bits(g * t + g - 1, g * t);
                if (p.table().kind() == TableKind.FULL) {
                    rows.add(new Row(registered(lookup(p, t, bits)), lit(false)));
                } else {
                    var top = bits.bit(g - 1);
                    var index = bits.bits(g - 2, 0).xor(fill(g - 1, top));
                    rows.add(new Row(
                            registered(Adders.complement(lookup(p, t, index), top.not())), registered(top.not())));
                }
            }
            var tree = tree(p, rows);
            next = Adders.wrapAdd(tree.value().extend(p.sumBits()), base, tree.carry());
        }
        when(enable, () -> acc.set(next));
        sum.set(acc);
    }

    /** Rows without carries need none in registers. */
    private Row tree(Params p, List<Row> rows) {
        if (p.table().kind() == TableKind.SYMMETRIC) return Row.tree(rows, this::registered);
        var signs = new ArrayList<Bool>();
        for (int t = 0; t < p.tables(); t++) signs.add(lit(false));
        var values = rows.stream().map(Row::value).toList();
        return new Row(SignTree.sum(values, signs, signs, this::registered), lit(false));
    }

    private Bool carry(Bool differs, Bool clear, Bool preset) {
        var cleared = reg(bool());
        var carry = reg(bool());
        when(clear, () -> cleared.set(false)).otherwise(() -> cleared.set(differs));
        when(preset, () -> carry.set(true)).otherwise(() -> carry.set(cleared));
        return carry;
    }

    private SInt lookup(Params p, int table, Bits index) {
        List<SInt> level = new ArrayList<>(entries.asList()
                .subList(table * p.table().entries(), (table + 1) * p.table().entries()));
        if (p.table().kind() == TableKind.FULL)
            level.set(0, Hdl.slit(0, p.table().entryBits()));
        // Ternary indexes end at 13: what stands beyond may be anything, so what its neighbour has.
        while (Integer.bitCount(level.size()) > 1) level.add(level.get(level.size() - 2));
        for (int bit = 0; level.size() > 1; bit++) {
            var next = new ArrayList<SInt>();
            for (int i = 0; i < level.size(); i += 2) next.add(mux(index.bit(bit), level.get(i + 1), level.get(i)));
            level = next;
        }
        return level.get(0);
    }
}
