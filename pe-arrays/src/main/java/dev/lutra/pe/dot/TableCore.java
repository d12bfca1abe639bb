// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Table lookup with every option of {@link TableOptions}: M rows of activations, N columns of weights, T tables of G activations per row and
 * column, some planes of the weights per cycle. What it computes is {@link TableModel}, modulo 2^sumBits.
 *
 * <p><b>Slots.</b> A cycle with {@code control.valid} is a slot; others may stand anywhere. Where sums stay, slots come in the order block, pass, tile,
 * each with its activations. Where tables stay, in the order pass, tile, block; {@link #load} gives the activations of the next tile, which must not
 * come before the first slot of the tile loaded before it, and that tile's own first slot, which has {@code tileFirst}, not before
 * {@link TableOptions#loadCycles} cycles after its load; a block comes again three cycles later at the earliest. A pass is {@code planes} planes
 * of the weights.
 *
 * <p><b>Codes</b> of table t of column n in plane p of the pass (0: the least significant) are bits {@code G c + G - 1 .. G c} with {@code c = (n T + t) planes + p},
 * offline-mapped: {@code {sign = w[G-1], index = w[G-1] ? ~w[G-2:0] : w[G-2:0]}}, w[k] the plane's bit of activation k.
 *
 * <p><b>Zero points</b> cost one more bit per column and plane, and no multiplier: {@code -z'} is the bipolar number of the inverted code, so each plane adds or
 * takes away the sum of the slot's activations. Zero points of groups are those of columns that change from slot to slot.
 */
public final class TableCore extends Pipelined {

    /** What a slot is. */
    public static final class Control extends Bundle {
        /** The cycle is a slot. */
        public final Bool valid = field(Hdl.bool());
        /** First slot of a tile, where tables stay. */
        public final Bool tileFirst = field(Hdl.bool());
        /** Sums start. */
        public final Bool first = field(Hdl.bool());
        /** Sums are complete after it. */
        public final Bool last = field(Hdl.bool());
        /** Most significant planes first: a block's first slot of a further pass. */
        public final Bool next = field(Hdl.bool());
        /** Least significant planes first: number of the pass. */
        public final UInt pass = field(Hdl.uint(3));
        /** Which block's sums, where tables stay. */
        public final UInt block;

        Control(int blockBits) {
            block = field(Hdl.uint(blockBits));
        }
    }

    /** {@link #activations} are those of the next tile; null where they come with slots. */
    public final @Nullable Bool load;

    /** Element k of table t of row m at the {@code (m T + t) G + k}-th of equal parts. */
    public final Bits activations;

    /** Slot. */
    public final Control control;

    /** Codes of the slot. */
    public final Bits codes;

    /** Bit {@code n planes + p}: the slot's plane p of the zero point of column n, inverted; null without the option. */
    public final @Nullable Bits zeroPoints;

    /** Results, for one cycle. */
    public final Bool resultValid = out(bool());

    /** Row m, column n at m N + n. */
    public final Vec<SInt> results;

    private final TableOptions o;

    /** A core. */
    public TableCore(TableOptions o) {
        super(o);
        this.o = o;
        doc(
                "Table lookup: %d x %d results, %d tables of %d activations of %d bits, %d planes per cycle. Results come %d cycles after a slot."
                        .formatted(o.m(), o.n(), o.t(), o.g(), o.activationBits(), o.planes(), o.latency()));
        int blockBits = Math.max(1, 32 - Integer.numberOfLeadingZeros(o.blocks() - 1));
        boolean tablesStay = o.order() == TableOptions.Order.TABLES_STAY;
        load = tablesStay ? in(bool()) : null;
        activations = in(bits(o.m() * o.lanes() * o.activationBits()));
        control = in(new Control(blockBits));
        codes = in(bits(o.n() * o.t() * o.planes() * o.g()));
        zeroPoints = o.zeroPoints() ? in(bits(o.n() * o.planes())) : null;
        results = out(vec(o.m() * o.n(), i -> sint(o.sumBits())));

        // Numbers are pipeline stages, the slot being 0.
        int looked = o.lookupStage();
        int added = looked + 1 + o.treeStages();
        var slots = new ArrayList<Control>();
        slots.add(control);
        for (int i = 1; i <= added + 2; i++) {
            var stage = reg(new Control(blockBits));
            stage.valid.init(false);
            stage.set(slots.get(i - 1));
            slots.add(stage);
        }
        var swap = control.valid.and(control.tileFirst);
        var code = delayed(codes, looked);
        var zeros = zeroPoints == null ? null : delayed(zeroPoints, added);

        Bits line = activations;
        if (load != null) {
            var next = reg(bits(activations.width()));
            var now = load;
            when(now, () -> next.set(activations));
            line = next;
        }
        Bool bank = lit(false);
        if (o.storage() == TableOptions.Storage.RAM) {
            var used = reg(bool()).init(false);
            when(swap, () -> used.set(used.not()));
            bank = used;
        } else if (load != null) {
            var used = reg(bits(line.width()));
            var current = mux(swap, line, used);
            used.set(current);
            line = current;
        }
        int rowBits = o.lanes() * o.activationBits();
        var sums = new ArrayList<SInt>();
        for (int m = 0; m < o.m(); m++) {
            var row = line.bits((m + 1) * rowBits - 1, m * rowBits);
            sums.addAll(row(row, swap, bank, code, zeros, slots.get(added)));
        }

        var before = slots.get(added + 1);
        var done = slots.get(added + 2);
        var bases = new ArrayList<SInt>();
        var kept = new ArrayList<SInt>();
        for (int i = 0; i < sums.size(); i++) kept.add(reg(sint(o.sumBits())));
        if (tablesStay) {
            var memory = memory(bits(sums.size() * o.sumBits()), o.blocks());
            var read = registered(memory.readAsync(slots.get(added).block));
            for (int i = 0; i < sums.size(); i++) {
                bases.add(read.bits((i + 1) * o.sumBits() - 1, i * o.sumBits()).asSInt());
            }
            var words = new ArrayList<Data>(kept);
            Collections.reverse(words);
            when(done.valid, () -> memory.write(done.block, Hdl.cat(words)));
        } else {
            bases.addAll(kept);
        }
        for (int i = 0; i < sums.size(); i++) {
            var sum = sums.get(i);
            var old = bases.get(i);
            var doubled =
                    o.leastFirst() ? old : mux(before.next, old.shl(o.planes()).truncate(o.sumBits()), old);
            var result = kept.get(i);
            when(before.valid, () -> result.set(mux(before.first, sum, sum.wrapAdd(doubled))));
            results.get(i).set(result);
        }
        resultValid.set(done.valid.and(done.last));
    }

    /** What each column of a row adds, one stage after 'slot'. */
    private List<SInt> row(Bits row, Bool swap, Bool bank, Bits code, @Nullable Bits zeros, Control slot) {
        boolean ram = o.storage() == TableOptions.Storage.RAM;
        int looked = o.lookupStage();
        int added = looked + 1 + o.treeStages();
        // One stage after the row the sum of all, two after it the scale; in RAM both are there before the tile's first
        // slot.
        SInt total = o.zeroPoints() ? registered(TableSum.tree(elements(row))) : null;
        UInt scale = o.quantised()
                ? registered(
                        TableRounding.scale(registered(TableRounding.largest(elements(row), o.g())), o.largestShift()))
                : null;
        var writeScale = scale;
        if (ram) {
            if (total != null) total = delayed(held(total, swap), added);
            if (scale != null) scale = delayed(held(scale, swap), added);
        } else {
            if (total != null) total = delayed(total, added - 1);
            if (scale != null) scale = delayed(scale, added - 2);
        }
        var columns = new ArrayList<SInt>();
        for (int unit = 0; unit < o.n() / o.unit(); unit++) {
            var values = ram ? written(row, unit, bank, code, writeScale) : made(row, unit, code, writeScale);
            for (int i = 0; i < o.unit(); i++) {
                int n = unit * o.unit() + i;
                var column = new TableSum(new TableSum.Params(
                        o.t(),
                        o.planes(),
                        o.levels(),
                        o.entryBits(),
                        o.sumBits(),
                        total == null ? 0 : total.width(),
                        scale == null ? 0 : scale.width(),
                        o.leastFirst()));
                int each = o.t() * o.planes();
                for (int c = 0; c < each; c++) {
                    column.values.get(c).set(values.get(i * each + c));
                    column.negate
                            .get(c)
                            .set(registered(code.bit(((n * each) + c) * o.g() + o.g() - 1)
                                    .not()));
                }
                if (column.total != null && total != null && column.zeros != null && zeros != null) {
                    column.total.set(total);
                    column.zeros.set(zeros.bits((n + 1) * o.planes() - 1, n * o.planes()));
                }
                if (column.scale != null && scale != null) column.scale.set(scale);
                if (column.pass != null) column.pass.set(slot.pass);
                columns.add(column.sum);
            }
        }
        return columns;
    }

    private Bits index(Bits code, int place) {
        return code.bits(place * o.g() + o.g() - 2, place * o.g());
    }

    private Bits table(Bits row, int t) {
        int width = o.g() * o.activationBits();
        return row.bits((t + 1) * width - 1, t * width);
    }

    /** Registered lookups of a unit's columns in tables of registers. */
    private List<SInt> made(Bits row, int unit, Bits code, @Nullable UInt scale) {
        var tables = new ArrayList<List<SInt>>();
        for (int t = 0; t < o.t(); t++) {
            var table = new TableRegisters(new TableRegisters.Params(TableKind.SYMMETRIC, o.g(), o.activationBits()));
            table.activations.set(table(row, t));
            tables.add(table.entries.stream()
                    .map(entry -> scale == null ? entry : registered(TableRounding.rounded(entry, scale)))
                    .toList());
        }
        var values = new ArrayList<SInt>();
        for (int i = 0; i < o.unit(); i++) {
            for (int t = 0; t < o.t(); t++) {
                for (int p = 0; p < o.planes(); p++) {
                    int place = ((unit * o.unit() + i) * o.t() + t) * o.planes() + p;
                    values.add(registered(Hdl.select(index(code, place).asUInt(), tables.get(t))));
                }
            }
        }
        return values;
    }

    /** Ports of a distributed RAM that read. */
    private static final int PORTS = 7;

    /** Lookups of a unit's columns in tables in RAM, which one adder per table writes. */
    private List<SInt> written(Bits row, int unit, Bool bank, Bits code, @Nullable UInt scale) {
        var control = new WriterControl(new WriterControl.Params(o.g(), false));
        if (load != null) control.load.set(load);
        var values = new ArrayList<SInt>(Collections.nCopies(o.unit() * o.t() * o.planes(), null));
        for (int t = 0; t < o.t(); t++) {
            var writer = new TableWriter(new TableWriter.Params(o.g(), o.activationBits(), TableWriter.Entries.WHOLE));
            writer.activations.set(table(row, t));
            writer.step.set(control.step);
            var entry = scale == null ? writer.entry : TableRounding.rounded(writer.entry, scale);
            int readers = o.unit() * o.planes();
            for (int from = 0; from < readers; from += PORTS) {
                int ports = Math.min(PORTS, readers - from);
                var ram = new TableRam(new TableRam.Params(o.g() - 1, o.entryBits(), ports));
                ram.write.set(control.write);
                ram.bank.set(bank);
                ram.writeBank.set(bank.not());
                ram.entry.set(control.entry);
                ram.data.set(entry);
                for (int i = 0; i < ports; i++) {
                    int column = (from + i) / o.planes();
                    int place = (column * o.t() + t) * o.planes() + (from + i) % o.planes();
                    ram.indexes.get(i).set(index(code, unit * o.unit() * o.t() * o.planes() + place));
                    values.set(place, ram.values.get(i));
                }
            }
        }
        return values;
    }

    private List<SInt> elements(Bits row) {
        var elements = new ArrayList<SInt>();
        for (int k = 0; k < o.lanes(); k++) {
            elements.add(row.bits((k + 1) * o.activationBits() - 1, k * o.activationBits())
                    .asSInt());
        }
        return elements;
    }

    /** The value as it was at a tile's first slot, in that slot too. */
    private <T extends Data> T held(T value, Bool swap) {
        var register = reg(Hdl.like(value));
        var now = mux(swap, value, register);
        register.set(now);
        return now;
    }

    private <T extends Data> T delayed(T value, int cycles) {
        var at = value;
        for (int i = 0; i < cycles; i++) at = registered(at);
        return at;
    }
}
