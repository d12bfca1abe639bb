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
import dev.lutra.pe.dot.RamTables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The LUT tensor core with tables in distributed RAM, which stay while the columns move (LUT Tensor Core, arXiv 2408.06003, with its loops exchanged): of
 * each block, a step's passes follow each other and end in one addition to the block's sum, which lies in a memory.
 *
 * <p><b>Halves.</b> All entries of a table have the same bit 0, which tables, trees and sums of columns leave out: what it adds is the same for all blocks
 * and columns of a row ({@link StayingCommon}). Rounded entries are whole.
 *
 * <p><b>Pipeline.</b> The slot is cycle 0. Registers: 1 codes, 2 lookups, 3 sums of a plane's lookups, 4 sum of a step's passes, 5 sum of the block,
 * results.
 */
final class StayingLutCore extends MatrixCore {

    /** Cycles from a block's last slot to its results. */
    static final int LATENCY = 6;

    private static final int LOOKED_UP = 2;

    private final MatrixShape s;

    StayingLutCore(MatrixShape s) {
        super(s, s);
        this.s = s;
        doc(
                "LUT tensor core, tables in distributed RAM: %d x %d results, %d INT8 activations per row and %s of every column per cycle. Tables of %d activations stay while up to %d blocks of columns are looked up by offline-mapped codes."
                        .formatted(
                                s.m(),
                                s.n(),
                                s.step(),
                                s.planes() == 1 ? "one weight plane" : s.planes() + " weight planes",
                                s.g(),
                                s.tables().blocks()),
                "No stalls: a cycle without control_valid is a bubble. Results come %d cycles after the last slot of a block."
                        .formatted(LATENCY));
        if (stay == null) {
            throw new IllegalArgumentException("tables of registers do not stay");
        }
        List<LutControl> slots = new ArrayList<>(List.of(control));
        List<UInt> blocks = new ArrayList<>(List.of(stay.block));
        for (int i = 1; i < LATENCY; i++) {
            var slot = named(reg(new LutControl()), "control" + i);
            slot.valid.init(false);
            slot.set(slots.get(i - 1));
            slots.add(slot);
            blocks.add(named(later(blocks.get(i - 1)), "block" + i));
        }
        var codes = named(later(later(weights)), "codes2");
        var swap = control.valid.and(stay.stepFirst);

        var adds = slots.get(4).valid.and(slots.get(4).planeLast);
        var starts = slots.get(4).groupFirst.and(slots.get(4).blockFirst);
        boolean quantised = s.tables().quantised();
        int sumBits = quantised ? s.outerBits() + 1 : s.outerBits();
        List<SInt> steps = new ArrayList<>();
        List<SInt> commons = new ArrayList<>();
        for (int m = 0; m < s.m(); m++) {
            var tables = new RamTables(new RamTables.Params(s.n(), s.g(), s.t(), s.planes(), quantised, s.unit()));
            int rowBits = 8 * s.step();
            tables.load.set(stay.load);
            tables.activations.set(activations.bits((m + 1) * rowBits - 1, m * rowBits));
            tables.swap.set(swap);
            tables.codes.set(weights);
            var odd = named(later(later(cat(reversed(tables.odd.asList())))), "odd2_" + m);
            var scale = tables.scale == null ? null : named(later(later(later(later(tables.scale)))), "scale4_" + m);
            for (int n = 0; n < s.n(); n++) {
                SInt step = column(tables, n, codes, odd, slots.get(3));
                steps.add(scale == null ? step : step.shl(scale));
            }
            var common = new StayingCommon(new StayingCommon.Params(
                    s.t(), s.planes(), s.passes(), tables.total.width(), s.outerBits() + 1, quantised));
            common.odd.set(named(later(odd), "odd3_" + m));
            common.total.set(later(later(later(tables.total))));
            common.slot.set(slots.get(3));
            common.counts.set(blocks.get(3).eq(0));
            commons.add(common.sum);
        }

        // Sums of blocks: read while the last pass is added, written one cycle later.
        var memory = memory(bits(steps.size() * sumBits), s.tables().blocks());
        var before = later(memory.readAsync(blocks.get(3)));
        List<Data> after = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            var old = before.bits((i + 1) * sumBits - 1, i * sumBits).asSInt();
            after.add(mux(starts, 0, old).wrapAdd(fitted(steps.get(i), sumBits)));
        }
        var word = cat(reversed(after));
        when(adds, () -> memory.write(blocks.get(4), word));
        var sums = later(word);
        var ends = slots.get(5).valid.and(slots.get(5).blockLast);
        var halve = slots.get(5).zeroPoint.ne(0);
        for (int i = 0; i < steps.size(); i++) {
            var common = commons.get(i / s.n());
            var sum = sums.bits((i + 1) * sumBits - 1, i * sumBits).asSInt();
            var whole = quantised
                    ? sum.wrapAdd(common)
                    : cat(sum.wrapAdd(common.shr(1)), common.bit(0)).asSInt();
            var held = reg(sint(s.outerBits()));
            when(ends, () -> held.set(mux(halve, whole.shr(1), whole.truncate(s.outerBits()))));
            result.get(i).set(held);
        }
        var valid = reg(bool()).init(false);
        valid.set(ends);
        resultValid.set(valid);
    }

    /** Sum over the passes of a step, without bits 0, with the stage after 'slot'. */
    private SInt column(RamTables tables, int n, Bits codes, Bits odd, LutControl slot) {
        var column = new StayingColumn(new StayingColumn.Params(
                s.g(),
                s.t(),
                s.planes(),
                s.passes(),
                tables.values.get(0).width(),
                s.tables().quantised()));
        int each = s.t() * s.planes();
        for (int i = 0; i < each; i++) {
            int place = n * each + i;
            column.values.get(i).set(tables.values.get(place));
            column.negate.get(i).set(codes.bit((place + 1) * s.g() - 1).not());
        }
        for (int t = 0; t < s.t(); t++) {
            column.odd.get(t).set(odd.bit(t));
        }
        column.first.set(slot.planeFirst);
        column.enable.set(slot.valid);
        return column.sum;
    }

    private <T extends Data> T later(T value) {
        var stage = reg(Hdl.like(value));
        stage.set(value);
        return stage;
    }

    private static SInt fitted(SInt value, int width) {
        return value.width() > width ? value.truncate(width) : value.extend(width);
    }

    private static <T extends Data> List<T> reversed(List<T> leastFirst) {
        List<T> most = new ArrayList<>(leastFirst);
        Collections.reverse(most);
        return most;
    }

    /** The lookups of a column of one row, added up over the tables and over the passes of a step. */
    private static final class StayingColumn extends Pipelined {

        record Params(int g, int tables, int planes, int passes, int entryBits, boolean quantised) {}

        final Vec<SInt> values;
        final Vec<Bool> negate;
        final Vec<Bool> odd;

        /** One cycle after the values: a slot, the first one of its block in the step. */
        final Bool enable = in(bool());

        final Bool first = in(bool());

        /** Two cycles after the values of the last pass. */
        final SInt sum;

        StayingColumn(Params p) {
            super(p);
            doc("Adds %d lookups in each of %d planes, and passes most significant first.%s"
                    .formatted(p.tables(), p.planes(), p.quantised() ? "" : " Bits 0 are left out."));
            values = in(vec(p.tables() * p.planes(), i -> sint(p.entryBits())));
            negate = in(vec(p.tables() * p.planes(), i -> bool()));
            odd = in(vec(p.tables(), i -> bool()));
            SInt slot = null;
            for (int plane = p.planes() - 1; plane >= 0; plane--) {
                List<SInt> operands = new ArrayList<>();
                for (int t = 0; t < p.tables(); t++) {
                    // -(2 h + odd) = 2 (~h + !odd) + odd
                    var away = negate.get(t * p.planes() + plane);
                    var half = values.get(t * p.planes() + plane).asBits().xor(fill(p.entryBits(), away));
                    var carry = p.quantised() ? away : away.andNot(odd.get(t));
                    operands.add(cat(half, carry).asSInt());
                }
                var tree = registered(CarryTree.operands(operands));
                var carry = cat(lit(false), tree.bit(0)).asSInt();
                var total = tree.bits(tree.width() - 1, 1).asSInt().add(carry);
                slot = slot == null ? total : slot.shl(1).add(total);
            }
            if (slot == null) {
                throw new IllegalArgumentException("a slot without planes");
            }
            int width = slot.width() + (p.passes() - 1) * p.planes();
            var all = reg(sint(width));
            var addend = slot.extend(width);
            when(
                    enable,
                    () -> all.set(
                            mux(first, 0, all.shl(p.planes()).truncate(width)).wrapAdd(addend)));
            sum = out(sint(width));
            sum.set(all);
        }
    }

    /**
     * What all columns and blocks of a row have in common: bits 0 of the lookups with the weights of their planes, minus z' times the sum of the
     * activations. Counted in the slots of block 0 and complete with its sums, before any result needs it.
     */
    private static final class StayingCommon extends Pipelined {

        record Params(int tables, int planes, int passes, int totalBits, int sumBits, boolean quantised) {}

        final Bits odd;
        final SInt total;
        final LutControl slot = in(new LutControl());

        /** The slot is of block 0. */
        final Bool counts = in(bool());

        /** Two cycles after a step's last pass. */
        final SInt sum;

        StayingCommon(Params p) {
            super(p);
            doc(
                    "What all columns of a row have in common: bit 0 of every lookup, weighted by its plane, minus zero point"
                            + " times the sum of the activations. Block 0 counts it.");
            odd = in(bits(p.tables()));
            total = in(sint(p.totalBits()));
            List<Bool> bits = new ArrayList<>();
            for (int t = 0; t < p.tables(); t++) {
                bits.add(p.quantised() ? lit(false) : odd.bit(t));
            }
            var ones = CarryTree.count(bits).toSInt();
            var planes = p.planes() == 1 ? ones : ones.shl(p.planes()).sub(ones);
            int width = planes.width() + (p.passes() - 1) * p.planes();
            var passes = reg(sint(width));
            var addend = planes.extend(width);
            when(
                    slot.valid,
                    () -> passes.set(
                            mux(slot.planeFirst, 0, passes.shl(p.planes()).truncate(width))
                                    .wrapAdd(addend)));
            var done = reg(bool()).init(false);
            done.set(slot.valid.and(slot.planeLast).and(counts));
            var starts = registered(slot.groupFirst.and(slot.blockFirst));
            var zero = registered(slot.zeroPoint);
            var kept = registered(total);
            var sumWidth = p.sumBits();
            var all = reg(sint(sumWidth));
            var corrected = mux(zero.eq(1), passes.sub(kept), mux(zero.eq(2), passes.add(kept), passes));
            when(done, () -> all.set(mux(starts, 0, all).wrapAdd(fitted(corrected, sumWidth))));
            sum = out(sint(sumWidth));
            sum.set(all);
        }
    }
}
