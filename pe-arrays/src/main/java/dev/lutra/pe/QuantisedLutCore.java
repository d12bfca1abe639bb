// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.pe.dot.Pipelined;
import dev.lutra.pe.dot.TableRounding;
import java.util.ArrayList;
import java.util.List;

/**
 * The LUT tensor core with tables in registers whose entries are rounded to 8 bits ({@link dev.lutra.machine.Tables#quantised}), for one or several planes a
 * slot. Bits 0 of the entries of a table are no longer the same, so that nothing is shared by the columns but the sum of the activations.
 */
final class QuantisedLutCore extends SummingCore {
    private static final int DEPTH = 6;
    private static final int MADE = 3;

    QuantisedLutCore(MatrixShape s) {
        super(s, s);
        doc(
                "LUT tensor core: %d x %d results, %d INT8 activations per row and %d weight planes of every column per cycle. Tables of %d activations have entries of 8 bits, and a power of two as scale for those of a row."
                        .formatted(s.m(), s.n(), s.step(), s.planes(), s.g()));
        var tableParams = new TablePrecompute.Params(s.g(), s.laneBits());
        var codes = later(weights, MADE);
        var params = new RoundedColumn.Params(s.g(), s.t(), s.planes());
        int most = tableParams.entryBits() + 1 - TableRounding.BITS;
        var sums = new ArrayList<SlotSum>();
        var activationSums = new ArrayList<SInt>();
        for (int m = 0; m < s.m(); m++) {
            List<SInt> elements = new ArrayList<>();
            for (int k = 0; k < s.step(); k++) {
                int bit = m * rowBits() + 8 * k;
                elements.add(activations.bits(bit + 7, bit).asSInt());
            }
            UInt scale = later(TableRounding.scale(later(TableRounding.largest(elements, s.g()), 1), most), 1);
            List<SInt> entries = new ArrayList<>();
            List<SInt> all = new ArrayList<>();
            int tableBits = 8 * s.g();
            for (int i = 0; i < s.n() / s.unit() * s.t(); i++) {
                var table = new TablePrecompute(tableParams);
                int first = m * rowBits() + i % s.t() * tableBits;
                table.activations.set(activations.bits(first + tableBits - 1, first));
                for (SInt half : table.entries) {
                    SInt entry = cat(half, table.odd).asSInt();
                    entries.add(later(TableRounding.rounded(entry, scale), 1));
                }
                if (i < s.t()) {
                    all.add(cat(table.entries.get(0), table.odd).asSInt());
                }
            }
            UInt used = later(scale, DEPTH - MADE);
            for (int n = 0; n < s.n(); n++) {
                var column = new RoundedColumn(params);
                int each = s.t() * tableParams.entries();
                for (int i = 0; i < each; i++) {
                    column.entries.get(i).set(entries.get(n / s.unit() * each + i));
                }
                column.codes.set(codes.bits((n + 1) * s.columnBits() - 1, n * s.columnBits()));
                sums.add(new SlotSum(later(column.sum.shl(used), 1), lit(false)));
            }
            activationSums.add(later(CarryTree.sum(all), DEPTH - MADE + 1));
        }
        complete(DEPTH, sums, Codes.SIGNS, activationSums);
    }

    private <T extends Data> T later(T value, int cycles) {
        T at = value;
        for (int i = 0; i < cycles; i++) {
            var stage = reg(Hdl.like(at));
            stage.set(at);
            at = stage;
        }
        return at;
    }

    static int cycles(boolean scaled) {
        return latency(DEPTH, scaled);
    }

    /** The lookups of a column. */
    private static final class RoundedColumn extends Pipelined {

        record Params(int g, int tables, int planes) {}

        final Vec<SInt> entries;
        final Bits codes;
        final SInt sum;

        RoundedColumn(Params p) {
            super(p);
            doc("Looks up %d rounded tables for %d planes; the sum comes two cycles later."
                    .formatted(p.tables(), p.planes()));
            int each = 1 << p.g() - 1;
            Bool whole = lit(false);
            entries = in(vec(each * p.tables(), i -> sint(TableRounding.BITS)));
            codes = in(bits(p.g() * p.tables() * p.planes()));
            List<SInt> planes = new ArrayList<>();
            for (int plane = 0; plane < p.planes(); plane++) {
                List<SInt> operands = new ArrayList<>();
                for (int t = 0; t < p.tables(); t++) {
                    var lookup = new TableLookup(new TableLookup.Params(p.g(), TableRounding.BITS));
                    for (int i = 0; i < each; i++) {
                        lookup.entries.get(i).set(entries.get(t * each + i));
                    }
                    lookup.odd.set(whole);
                    int first = (t * p.planes() + plane) * p.g();
                    lookup.code.set(codes.bits(first + p.g() - 1, first));
                    operands.add(lookup.operand);
                }
                var total = registered(CarryTree.operands(operands));
                var carry = cat(lit(false), total.bit(0)).asSInt();
                planes.add(total.bits(total.width() - 1, 1).asSInt().add(carry).shl(plane));
            }
            var all = CarryTree.sum(planes);
            sum = out(sint(all.width()));
            sum.set(all);
        }
    }
}
