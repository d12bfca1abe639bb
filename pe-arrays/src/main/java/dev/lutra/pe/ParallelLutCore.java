// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;
import dev.lutra.pe.dot.Pipelined;
import java.util.ArrayList;
import java.util.List;

/**
 * The LUT tensor core with several planes of the weights a slot: the tables of {@link LutCore}, looked up once per plane by every column. Bit 0, the same for all
 * lookups of a table, is left out of them and added once for all planes.
 */
final class ParallelLutCore extends SummingCore {
    private static final int DEPTH = 5;

    ParallelLutCore(MatrixShape s) {
        super(s, s);
        doc(
                "LUT tensor core: %d x %d results, %d INT%d activations per row and %d weight planes of every column per cycle. Tables of %d activations are looked up by offline-mapped codes."
                        .formatted(s.m(), s.n(), s.step(), s.laneBits(), s.planes(), s.g()));
        var tableParams = new TablePrecompute.Params(s.g(), s.laneBits());
        var codes1 = reg(bits(s.weightBits()));
        var codes2 = reg(bits(s.weightBits()));
        codes1.set(weights);
        codes2.set(codes1);
        var params = new ParallelColumn.Params(s.g(), s.t(), s.planes(), s.laneBits());
        var sums = new ArrayList<SlotSum>();
        var activationSums = new ArrayList<SInt>();
        int tableBits = s.laneBits() * s.g();
        for (int m = 0; m < s.m(); m++) {
            List<TablePrecompute> tables = new ArrayList<>();
            List<Bool> odd = new ArrayList<>();
            List<SInt> all = new ArrayList<>();
            for (int i = 0; i < s.n() / s.unit() * s.t(); i++) {
                var table = new TablePrecompute(tableParams);
                int first = m * rowBits() + i % s.t() * tableBits;
                table.activations.set(activations.bits(first + tableBits - 1, first));
                tables.add(table);
            }
            for (TablePrecompute table : tables.subList(0, s.t())) {
                odd.add(table.odd);
                all.add(cat(table.entries.get(0), table.odd).asSInt());
            }
            // Bits 0 of all planes: as many as tables are odd, with the weights of the planes, which are 2^planes - 1
            // together.
            var ones = CarryTree.count(odd).toSInt();
            var low = later(later(ones.shl(s.planes()).sub(ones)));
            for (int n = 0; n < s.n(); n++) {
                var column = new ParallelColumn(params);
                int unit = n / s.unit() * s.t();
                for (int t = 0; t < s.t(); t++) {
                    for (int i = 0; i < tableParams.entries(); i++) {
                        column.entries
                                .get(t * tableParams.entries() + i)
                                .set(tables.get(unit + t).entries.get(i));
                    }
                    column.odd.get(t).set(tables.get(unit + t).odd);
                }
                column.codes.set(codes2.bits((n + 1) * s.columnBits() - 1, n * s.columnBits()));
                sums.add(new SlotSum(later(column.half.shl(1).add(low)), lit(false)));
            }
            activationSums.add(later(later(later(CarryTree.sum(all)))));
        }
        complete(DEPTH, sums, Codes.SIGNS, activationSums);
    }

    private SInt later(SInt value) {
        var stage = reg(sint(value.width()));
        stage.set(value);
        return stage;
    }

    static int cycles(boolean scaled) {
        return latency(DEPTH, scaled);
    }

    /** The lookups of a column. */
    private static final class ParallelColumn extends Pipelined {

        record Params(int g, int tables, int planes, int laneBits) {}

        final Vec<SInt> entries;
        final Vec<Bool> odd;
        final Bits codes;
        final SInt half;

        ParallelColumn(Params p) {
            super(p);
            doc("Looks up %d tables for %d planes; half is what they add up to, bits 0 left out, two cycles later."
                    .formatted(p.tables(), p.planes()));
            var table = new TablePrecompute.Params(p.g(), p.laneBits());
            entries = in(vec(table.entries() * p.tables(), i -> sint(table.entryBits())));
            odd = in(vec(p.tables(), i -> bool()));
            codes = in(bits(p.g() * p.tables() * p.planes()));
            List<SInt> planes = new ArrayList<>();
            for (int plane = 0; plane < p.planes(); plane++) {
                List<SInt> operands = new ArrayList<>();
                for (int t = 0; t < p.tables(); t++) {
                    var lookup = new TableLookup(new TableLookup.Params(p.g(), table.entryBits()));
                    for (int i = 0; i < table.entries(); i++) {
                        lookup.entries.get(i).set(entries.get(t * table.entries() + i));
                    }
                    lookup.odd.set(odd.get(t));
                    int first = (t * p.planes() + plane) * p.g();
                    lookup.code.set(codes.bits(first + p.g() - 1, first));
                    operands.add(lookup.operand);
                }
                var total = registered(CarryTree.operands(operands));
                var carry = cat(lit(false), total.bit(0)).asSInt();
                planes.add(total.bits(total.width() - 1, 1).asSInt().add(carry).shl(plane));
            }
            var sum = CarryTree.sum(planes);
            half = out(sint(sum.width()));
            half.set(sum);
        }
    }
}
