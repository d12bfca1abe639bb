// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.engine;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;
import dev.lutra.pe.CarryTree;
import dev.lutra.pe.MatrixShape;
import dev.lutra.pe.SummingCore;
import dev.lutra.pe.dot.Adders;
import dev.lutra.pe.dot.Pipelined;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables of three activations with an entry for each of the 13 magnitudes of {@code 9 w0 + 3 w1 + w2} (the other 13 are their negatives, and one
 * is zero), shared by all columns; a weight code is sign and index.
 */
final class TernaryLutCore extends SummingCore {
    private static final int ENTRIES = 13;
    private static final int ENTRY_BITS = 10;
    private static final int CODE_BITS = 5;

    TernaryLutCore(MatrixShape s) {
        super(s, s);
        doc("Native ternary tables: %d x %d results, %d tables of three INT8 activations per row and cycle."
                .formatted(s.m(), s.n(), s.t()));
        var params = new TernaryColumn.Params(s.t());
        var sums = new ArrayList<SlotSum>();
        var codes1 = reg(bits(s.weightBits()));
        var codes2 = reg(bits(s.weightBits()));
        codes1.set(weights);
        codes2.set(codes1);
        for (int m = 0; m < s.m(); m++) {
            List<TernaryEntries> tables = new ArrayList<>();
            for (int t = 0; t < s.t(); t++) {
                var table = new TernaryEntries();
                int first = m * rowBits() + 24 * t;
                table.activations.set(activations.bits(first + 23, first));
                tables.add(table);
            }
            for (int n = 0; n < s.n(); n++) {
                var column = new TernaryColumn(params);
                for (int t = 0; t < s.t(); t++) {
                    for (int i = 0; i < ENTRIES; i++) {
                        column.entries
                                .get(t * ENTRIES + i)
                                .set(tables.get(t).entries.get(i));
                    }
                }
                column.codes.set(codes2.bits((n + 1) * s.columnBits() - 1, n * s.columnBits()));
                sums.add(new SlotSum(column.sum, column.carry));
            }
        }
        complete(depth(s), sums, Codes.WEIGHTS, List.of());
    }

    private static int depth(MatrixShape s) {
        return s.t() > 1 ? 4 : 3;
    }

    static int cycles(MatrixShape s, boolean scaled) {
        return latency(depth(s), scaled);
    }

    /** One table. */
    private static final class TernaryEntries extends Module {
        final Bits activations = in(bits(24));
        final Vec<SInt> entries = out(vec(ENTRIES, i -> sint(ENTRY_BITS)));

        TernaryEntries() {
            doc(
                    "Sums of three activations a, b, c, two cycles after them; entry i is the sum for 9 w0 + 3 w1 + w2 = i + 1.");
            var line = reg(bits(24));
            line.set(activations);
            var a = line.bits(7, 0).asSInt();
            var b = line.bits(15, 8).asSInt();
            var c = line.bits(23, 16).asSInt();
            var sum = b.add(c);
            var difference = b.sub(c);
            List<SInt> values = List.of(
                    c, // 1
                    difference, // 3 - 1
                    b,
                    sum,
                    a.sub(sum), // 9 - 4
                    a.sub(b),
                    a.sub(difference),
                    a.sub(c),
                    a,
                    a.add(c),
                    a.add(difference),
                    a.add(b),
                    a.add(sum));
            var table = reg(vec(ENTRIES, i -> sint(ENTRY_BITS)));
            for (int i = 0; i < ENTRIES; i++) {
                table.get(i).set(values.get(i).extend(ENTRY_BITS));
            }
            entries.set(table);
        }
    }

    /** The lookups of a column. */
    private static final class TernaryColumn extends Pipelined {

        record Params(int tables) {}

        final Vec<SInt> entries;
        final Bits codes;
        final SInt sum;
        final Bool carry = out(bool());

        TernaryColumn(Params p) {
            super(p);
            doc("Looks up %d tables and adds what they have; code 0 is zero, the top bit of a code negates."
                    .formatted(p.tables()));
            entries = in(vec(ENTRIES * p.tables(), i -> sint(ENTRY_BITS)));
            codes = in(bits(CODE_BITS * p.tables()));
            List<SInt> operands = new ArrayList<>();
            for (int t = 0; t < p.tables(); t++) {
                var zero = slit(0, ENTRY_BITS);
                List<SInt> choices = new ArrayList<>();
                choices.add(zero);
                for (int i = 0; i < ENTRIES; i++) choices.add(entries.get(t * ENTRIES + i));
                while (choices.size() < 1 << (CODE_BITS - 1)) choices.add(zero);
                var code = codes.bits(CODE_BITS * t + CODE_BITS - 1, CODE_BITS * t);
                var negate = code.bit(CODE_BITS - 1);
                var value = Adders.complement(selected(choices, code, 0), negate);
                operands.add(registered(cat(value, negate).asSInt()));
            }
            var total = CarryTree.operands(operands);
            if (p.tables() > 1) {
                total = registered(total);
            }
            sum = out(sint(total.width() - 1));
            sum.set(total.bits(total.width() - 1, 1).asSInt());
            carry.set(total.bit(0));
        }

        private static SInt selected(List<SInt> choices, Bits code, int indexBit) {
            if (choices.size() == 1) {
                return choices.get(0);
            }
            List<SInt> pick = new ArrayList<>();
            for (int i = 0; i < choices.size(); i += 2) {
                SInt even = choices.get(i);
                SInt odd = choices.get(i + 1);
                pick.add(even == odd ? even : Hdl.mux(code.bit(indexBit), odd, even));
            }
            return selected(pick, code, indexBit + 1);
        }
    }
}
