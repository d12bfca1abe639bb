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

/**
 * Table lookup with tables in distributed RAM that stay while the columns move: T tables of G activations, every column with a copy, are
 * used by up to 32 blocks of N columns while the next T are written. One row of activations, one plane of the weights at a time, planes
 * outermost: plane (most significant first), tile of T G activations, block.
 *
 * <p><b>Tiles.</b> {@link #load} gives the activations of the next tile, which may be the first one of the next product. They must not come before the first slot of the tile loaded
 * before them, and that tile's own first slot not before {@link Params#loadCycles} cycles after its load.
 *
 * <p><b>Slots.</b> A cycle with {@code control.valid} is a slot: block {@code control.block} of the tile takes a word of codes. The first
 * slot of a tile has {@code control.tileFirst}. {@code restart} and {@code twice} are the same in all slots of a tile: the first tile of a
 * block's first plane starts its sums from {@link #initial}, the first tile of each further plane doubles them and adds bit 0 of
 * {@link #initial}. Between two slots of one block are at least 3 cycles.
 *
 * <p><b>Codes</b>: table t of column n has bits {@code G (n T + t) + G - 1 .. G (n T + t)}. With s[k] = +-1 for the plane's bit of
 * activation k, bit k &lt; G-1 is {@code s[k] != s[G-1]}; the top bit says whether the table's s[G-1] differs from that of table
 * {@code t & t - 1}, and for table 0 from that of the same column's table 0 in the tile before (+1 where there was none). The last tile
 * of each plane must have +1 there: its activation G-1 is padding, 0.
 *
 * <p><b>Ternary</b> codes stand for three weights at once, so that there is one plane: bits 3..0 are the index of {@link TernaryTable}, the top bit
 * is as above with s the code's sign. The last tile must have + for table 0: its three activations are padding. Results are twice the
 * product, as those of two planes are.
 *
 * <p><b>Results</b> of a slot with {@code last} come {@link Params#latency} cycles after it: {@code sum_planes 2^p sum_k +-a} and what
 * {@code initial} added, modulo 2^sumBits.
 */
public final class StationaryArray extends Pipelined {

    /**
     * Shape.
     *
     * @param n columns
     * @param g activations per table, 2..6
     * @param t tables
     * @param blocks deepest block, 4..64
     * @param sumBits width of sums
     * @param ports columns that share the write port of a RAM: 7 where the target's RAMs have eight ports
     * @param ternary codes are those of {@link TernaryTable}, with g = 3, instead of planes
     * @param activationBits of activations, whose magnitudes are less than 2^(activationBits-1)
     */
    public record Params(int n, int g, int t, int blocks, int sumBits, int ports, boolean ternary, int activationBits) {
        /** Tables for planes. */
        public Params(int n, int g, int t, int blocks, int sumBits, int ports) {
            this(n, g, t, blocks, sumBits, ports, false, 8);
        }

        /** Tables of INT8 activations. */
        public Params(int n, int g, int t, int blocks, int sumBits, int ports, boolean ternary) {
            this(n, g, t, blocks, sumBits, ports, ternary, 8);
        }

        public Params {
            if (ternary && g != TernaryTable.G)
                throw new IllegalArgumentException("a ternary code covers 3 activations, not " + g);
            if (g < 2 || g > 6) throw new IllegalArgumentException("activations per table must be 2..6, not " + g);
            if (n < 1 || t < 2 || ports < 1)
                throw new IllegalArgumentException(
                        "an array of " + n + " columns, " + t + " tables, " + ports + " ports");
            if (blocks < 4 || blocks > 64) throw new IllegalArgumentException("blocks must be 4..64, not " + blocks);
            if (n % ports != 0)
                throw new IllegalArgumentException(n + " columns are not a multiple of the " + ports
                        + " that share a RAM: the rest would take a RAM for itself");
            if (activationBits < 2 || activationBits > 48)
                throw new IllegalArgumentException("activations of " + activationBits + " bits: 2..48");
            int least = activationBits + 1 + 32 - Integer.numberOfLeadingZeros(g * t - 1);
            if (sumBits < least || sumBits > 64)
                throw new IllegalArgumentException("sums of " + sumBits + " bits: needed are " + least + "..64");
        }

        /** Cycles from a load to the first slot that may use it. */
        public int loadCycles() {
            return ternary ? TernaryTable.entries() : g + (1 << g - 1);
        }

        /** Cycles from a slot to its results. */
        public int latency() {
            return 3 + SignTree.stages(t);
        }

        /**
         * Cycles from the first load to the last slot, both included: a load, and for every plane and tile its blocks, or the writing of
         * the next tile's tables if that takes longer.
         */
        public long cycles(int planes, int tiles, int columnBlocks) {
            long others = (long) planes * tiles - 1;
            return loadCycles() + others * Math.max(columnBlocks, loadCycles()) + columnBlocks;
        }

        /**
         * Cycles from the first slot of a product to the first slot of the next one in a chain: the next one's first tables are written
         * beside the last tile, as any other tile's are. n such products take {@link #loadCycles} once, then this each.
         */
        public long chained(int planes, int tiles, int columnBlocks) {
            return (long) planes * tiles * Math.max(columnBlocks, loadCycles());
        }

        /** Bits of a code. */
        public int codeBits() {
            return writer().indexBits() + 1;
        }

        TableWriter.Params writer() {
            return new TableWriter.Params(
                    g, activationBits, ternary ? TableWriter.Entries.TERNARY : TableWriter.Entries.HALVES);
        }

        int entryBits() {
            return writer().entryBits();
        }
    }

    /** What a slot is. */
    public static final class Control extends Bundle {
        /** The cycle is a slot. */
        public final Bool valid = field(Hdl.bool());
        /** First slot of a tile. */
        public final Bool tileFirst = field(Hdl.bool());
        /** Sums start from {@link #initial}. */
        public final Bool restart = field(Hdl.bool());
        /** Sums are doubled. */
        public final Bool twice = field(Hdl.bool());
        /** Results are complete. */
        public final Bool last = field(Hdl.bool());
        /** Which block's sums. */
        public final UInt block;

        Control(int blockBits) {
            block = field(Hdl.uint(blockBits));
        }
    }

    /** {@link #activations} are those of the next tile. */
    public final Bool load = in(bool());

    /** T G activations of B bits, INT8 of -127..127 as a rule, element k of table t at bit B (G t + k). */
    public final Bits activations;

    /** Slot. */
    public final Control control;

    /** Codes of the slot. */
    public final Bits codes;

    /** Start of the sums; taken with the first slot of a tile. */
    public final SInt initial;

    /** Results, for one cycle. */
    public final Bool resultValid = out(bool());

    /** Sums of the block's columns. */
    public final Vec<SInt> results;

    /** An array. */
    public StationaryArray(Params p) {
        super(p);
        doc(
                "Table lookup, tables in distributed RAM: %d columns, %d tables of %d activations. Results come %d cycles after a slot."
                        .formatted(p.n(), p.t(), p.g(), p.latency()));
        int blockBits = 32 - Integer.numberOfLeadingZeros(p.blocks() - 1);
        int halfBits = p.sumBits() - 1;
        int width = p.activationBits();
        int stages = SignTree.stages(p.t());
        activations = in(bits(width * p.g() * p.t()));
        control = in(new Control(blockBits));
        codes = in(bits(p.n() * p.t() * p.codeBits()));
        initial = in(sint(p.sumBits()));
        results = out(vec(p.n(), i -> sint(p.sumBits())));

        // Tables are written.
        var writers = new WriterControl(new WriterControl.Params(p.g(), p.ternary()));
        writers.load.set(load);
        var line = reg(bits(activations.width()));
        when(load, () -> line.set(activations));
        var writing = new ArrayList<TableWriter>();
        for (int t = 0; t < p.t(); t++) {
            var writer = new TableWriter(p.writer());
            writer.activations.set(line.bits(width * p.g() * (t + 1) - 1, width * p.g() * t));
            writer.step.set(writers.step);
            writing.add(writer);
        }

        // Slots: numbers are pipeline stages, the slot being 0; sums are added up in stage 'stages' + 2.
        var slots = new ArrayList<Control>();
        slots.add(control);
        for (int i = 1; i <= stages + 3; i++) {
            var stage = reg(new Control(blockBits));
            stage.valid.init(false);
            stage.set(slots.get(i - 1));
            slots.add(stage);
        }
        var swap = control.valid.and(control.tileFirst);
        var bank = reg(bool()).init(false);
        var odd = reg(bits(p.t()));
        var start = reg(sint(p.sumBits()));
        var oddNow = mux(swap, joined(writing.stream().map(w -> (Data) w.odd).toList()), odd);
        odd.set(oddNow);
        when(swap, () -> {
            bank.set(bank.not());
            start.set(initial);
        });

        // A node whose right half is odd carries if its left half is odd, whether it adds or subtracts.
        var clear = new ArrayList<Data>(List.of(lit(false)));
        var preset = new ArrayList<Data>(List.of(lit(false)));
        for (int t = 1; t < p.t(); t++) {
            int half = Integer.lowestOneBit(t);
            int end = Math.min(p.t(), t + half) - 1;
            var left = oddNow.bits(t - 1, t - half).xorR();
            var right = oddNow.bits(end, t).xorR();
            clear.add(right.andNot(left));
            preset.add(registered(right.and(left)));
        }
        var treeOdd = registered(oddNow.xorR());
        for (int i = 0; i < stages; i++) treeOdd = registered(treeOdd);
        var parity = treeOdd;
        var before = slots.get(stages + 1);
        var startBefore = reg(sint(p.sumBits()));
        var swapEarly = slots.get(stages).valid.and(slots.get(stages).tileFirst);
        when(swapEarly, () -> startBefore.set(start));
        var tileOdd = reg(bool());
        var keptOdd = reg(bool());
        var baseOdd = reg(bool());
        var swapBefore = before.valid.and(before.tileFirst);
        var base = wire(bool());
        base.set(mux(before.restart.or(before.twice), startBefore.bit(0), tileOdd));
        when(swapBefore, () -> {
            keptOdd.set(tileOdd);
            baseOdd.set(base);
            tileOdd.set(base.xor(parity));
        });

        var keep = new ArrayList<Data>();
        var low = new ArrayList<Data>();
        for (int i = 0; i < halfBits; i++) {
            var stays = before.restart.or(i == 0 ? before.twice : lit(false)).not();
            var below = i == 0
                    ? mux(before.twice, mux(swapBefore, tileOdd, keptOdd), startBefore.bit(1))
                    : mux(before.restart, startBefore.bit(i + 1), before.twice);
            keep.add(stays);
            low.add(below);
        }
        var columnParams = new StationaryColumn.Params(p.t(), p.entryBits(), halfBits);
        var shared = wire(new StationaryColumn.Shared(columnParams));
        shared.clear.set(joined(clear));
        shared.preset.set(joined(preset));
        shared.treeOdd.set(registered(parity));
        shared.baseOdd.set(baseOdd);
        shared.keep.set(registered(joined(keep)));
        shared.low.set(registered(joined(low)));

        var params = new StationaryBundle.Params(
                new TableRam.Params(p.writer().indexBits(), p.entryBits(), p.ports()), columnParams, p.blocks());
        var write = wire(new StationaryBundle.Write(params));
        write.enable.set(writers.write);
        write.bank.set(bank.not());
        write.entry.set(writers.entry);
        for (int t = 0; t < p.t(); t++) write.data.get(t).set(writing.get(t).entry);
        var done = slots.get(stages + 3);
        resultValid.set(done.valid.and(done.last));
        var resultOdd = registered(tileOdd);
        int wordBits = p.ports() * p.t() * p.codeBits();
        for (int b = 0; b < p.n() / p.ports(); b++) {
            var bundle = new StationaryBundle(params);
            bundle.write.set(write);
            bundle.bank.set(bank);
            bundle.codes.set(codes.bits((b + 1) * wordBits - 1, b * wordBits));
            bundle.shared.set(shared);
            bundle.readBlock.set(before.block);
            bundle.writeBlock.set(done.block);
            bundle.writeSums.set(done.valid);
            for (int i = 0; i < p.ports(); i++) {
                results.get(b * p.ports() + i)
                        .set(cat(bundle.sums.get(i), resultOdd).asSInt());
            }
        }
    }

    private static Bits joined(List<? extends Data> leastFirst) {
        var most = new ArrayList<Data>(leastFirst);
        Collections.reverse(most);
        return Hdl.cat(most);
    }
}
