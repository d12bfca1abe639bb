// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.machine.NmRatio;
import dev.lutra.pe.dot.Pipelined;
import java.util.ArrayList;
import java.util.List;

/**
 * A configurable sparse DSP chain (FlightLLM, FPGA 2024, section 4): DSP blocks whose sums pass from one to the next, cut into groups. Every
 * cycle takes a slot: activations of as many inputs as the chain has blocks, and weights of {@code M/N} rows ({@link ChainWeights}). Dense,
 * the sum passes through the whole chain and comes out at its end; at N:M the chain is cut where a row's groups end, and each part sums one
 * row up over all the activations. The ratio may change from slot to slot.
 *
 * <p>Group e of the {@code block} groups has {@code length / block} DSP blocks. DSP block {@code j} serves block {@code j mod (length /
 * block)} of the activations whatever the ratio, so that it has one sparse multiplexer of {@code block} inputs.
 *
 * <p>The operands that a multiplier packs come from rows of activations in matrix-matrix mode, which share a weight, and from rows of weights
 * in matrix-vector mode, which share an activation, and so their indices.
 *
 * <p>Lane e has the results of sums that end with group e, {@link Params#latency} cycles after their slot; {@link Params#ends} says in which
 * lanes a slot ends.
 */
public final class DspChain extends Pipelined {

    /**
     * Shape.
     *
     * @param form of the blocks
     * @param operandBits 8 or 4
     * @param block the greatest M, a power of two up to 16; 1 for a dense chain
     * @param length DSP blocks, a multiple of {@code block}
     */
    public record Params(DspForm form, int operandBits, int block, int length) {

        public Params {
            if (block < 1 || block > 16 || Integer.bitCount(block) != 1 || length < block || length % block != 0) {
                throw new IllegalArgumentException("a chain of " + length + " DSP blocks in blocks of " + block
                        + ": a block is 1, 2, 4, 8 or 16, the length a multiple of it");
            }
            int longest = form.packing(operandBits, length).longest();
            if (length > longest) {
                throw new IllegalArgumentException("a chain of " + length + " DSP blocks: sums of at most " + longest
                        + " fit the " + form + " with operands of " + operandBits + " bits");
            }
        }

        /** What a DSP block multiplies at once. */
        public Packing packing() {
            return form.packing(operandBits, length);
        }

        /** DSP blocks of a group. */
        public int perGroup() {
            return length / block;
        }

        /** Rows of weights that come with a slot, per row of the ratio. */
        public int weightRows() {
            return Math.max(packing().xs(), packing().ys());
        }

        /** Bits of a result. */
        public int resultBits() {
            return packing().resultBits(length);
        }

        /** Cycles from a slot to the results in a lane. */
        public int latency(int lane) {
            return MUX + (lane + 1) * perGroup() - 1 + form.latency() + ReductionNode.LATENCY;
        }

        /** Cycles of so many slots without gaps, until the last result: the fill is the latency of the last lane. */
        public long cycles(long slots) {
            return slots + latency(block - 1);
        }

        /** Whether a row ends with a group. */
        public boolean ends(NmRatio ratio, int lane) {
            return (lane + 1) % (block / ratio.rows()) == 0;
        }

        /** Whether fields overflow and are followed. */
        public boolean adjusted() {
            return length > packing().unadjusted();
        }

        /** Bits of a count of quarters: of all quarters that the greatest sum passes, both ways. */
        int countBits() {
            return adjusted() ? Math.max(3, resultBits() - packing().fieldBits() + 3) : 0;
        }
    }

    private static final int MUX = 1;

    /** A slot is there. */
    public final Bool valid = in(bool());

    /** The slot: rows of weights share an activation; otherwise rows of activations share a weight. */
    public final Bool matrixVector = in(bool());

    /** The slot: log2 of N and M. */
    public final UInt logN = in(uint(3));

    /** The slot: log2 of M, at most the block's. */
    public final UInt logM = in(uint(3));

    /** The slot: rows of activations, of matrix-vector slots the first. Element k at bit k of operands. */
    public final Vec<Bits> activations;

    /** The slot: rows of weights, DSP block j's at bit j of operands; of matrix-matrix slots as many as the form's y. */
    public final Vec<Bits> weights;

    /** The slot: DSP block j's index at bit j of log2(block). */
    public final Bits indices;

    /** Per lane, whether its results are of a row's end. */
    public final Vec<Bool> valids;

    /** Per lane, the products' sums: of x operand i and y operand k at {@code i ys + k}. */
    public final Vec<Vec<SInt>> results;

    /** Slots since reset. */
    public final UInt slots = out(uint(32));

    private final List<SparseMux> muxes = new ArrayList<>();
    private final List<MacCell> cells = new ArrayList<>();

    public DspChain(Params p) {
        super(p);
        var packing = p.packing();
        int bits = p.operandBits();
        int indexBits = Integer.numberOfTrailingZeros(p.block());
        doc("A chain of %d DSP blocks in %d groups; M is at most %d.".formatted(p.length(), p.block(), p.block()));
        activations = in(vec(packing.xs(), i -> bits(p.length() * bits)));
        weights = in(vec(p.weightRows(), i -> bits(p.length() * bits)));
        indices = in(bits(Math.max(1, p.length() * indexBits)));
        valids = out(vec(p.block(), i -> bool()));
        results = out(vec(p.block(), i -> vec(packing.products(), k -> sint(p.resultBits()))));

        var counter = reg(uint(32)).init(0);
        when(valid, () -> counter.set(counter.wrapAdd(1)));
        slots.set(counter);

        var ratio = logM.wrapSub(logN);
        var passing = new Passing(p.latency(p.block() - 1) + 1, ratio);
        var mode = registered(matrixVector);
        Bits before = Hdl.lit(0, packing.sumBits()).asBits();
        List<SInt> counts = List.of();
        int look = 0;
        for (int j = 0; j < p.length(); j++) {
            int group = j / p.perGroup();
            int at = j % p.perGroup();
            boolean ends = at == p.perGroup() - 1;
            var cell = cell(p, j, ratio, mode, passing);
            cell.cascadeIn.set(before);
            before = cell.cascadeOut;
            int there = MUX + j + p.form().latency();
            if (p.adjusted() && (at % packing.span() == packing.span() - 1 || ends)) {
                var adjust = new OverflowAdjust(new OverflowAdjust.Params(packing.looks(), p.countBits()));
                var top = new ArrayList<Bits>();
                for (int f = packing.looks() - 1; f >= 0; f--) {
                    int high = (f + 1) * packing.fieldBits() - 1;
                    top.add(cell.sum.bits(high, high - 1));
                }
                adjust.top.set(cat(top));
                boolean first = at < packing.span();
                adjust.restart.set(first ? starts(p, group, passing.ratio(there)) : Hdl.lit(false));
                for (int f = 0; f < packing.looks(); f++) {
                    SInt count = counts.isEmpty() ? slit(0, p.countBits()) : counts.get(f);
                    for (int i = look + 1; i < there && !counts.isEmpty(); i++) count = registered(count);
                    adjust.before.get(f).set(count);
                }
                counts = List.copyOf(adjust.counts.asList());
                look = there;
            }
            if (ends) {
                var node = new ReductionNode(new ReductionNode.Params(packing, p.countBits(), p.resultBits()));
                node.sum.set(cell.sum);
                for (int f = 0; f < counts.size(); f++) node.counts.get(f).set(counts.get(f));
                results.get(group).set(node.results);
                int out = p.latency(group);
                valids.get(group).set(passing.valid(out).and(starts(p, group + 1, passing.ratio(out))));
            }
        }
    }

    /** DSP block j with its multiplexer and its delays. */
    private MacCell cell(Params p, int j, UInt ratio, Bool mode, Passing passing) {
        var packing = p.packing();
        int bits = p.operandBits();
        int indexBits = Integer.numberOfTrailingZeros(p.block());
        int group = j / p.perGroup();
        int part = j % p.perGroup();
        var pick = new SparseMux(new SparseMux.Params(p.block(), packing.xs(), bits));
        pick.group.set(group);
        pick.index.set(indexBits == 0 ? Hdl.lit(0, 1).asBits() : indices.bits((j + 1) * indexBits - 1, j * indexBits));
        pick.logM.set(logM);
        pick.logRatio.set(ratio);
        int blockBits = p.block() * bits;
        for (int i = 0; i < packing.xs(); i++) {
            pick.activations.get(i).set(activations.get(i).bits((part + 1) * blockBits - 1, part * blockBits));
        }
        muxes.add(pick);
        var cell = MacCell.of(p.form(), new MacCell.Params(packing, part == 0));
        for (int i = 0; i < packing.xs(); i++) {
            cell.x.get(i).set(delayed(mux(mode, weight(p, i, j), pick.picked.get(i)), j));
        }
        for (int k = 0; k < packing.ys(); k++) {
            var activation = k == 0 ? pick.picked.get(0) : slit(0, bits);
            cell.y.get(k).set(delayed(mux(mode, activation, weight(p, k, j)), j));
        }
        cell.start.set(part == 0 ? starts(p, group, passing.ratio(MUX + j + MacCell.START)) : Hdl.lit(false));
        cells.add(cell);
        return cell;
    }

    private SInt weight(Params p, int row, int j) {
        int bits = p.operandBits();
        return registered(weights.get(row).bits((j + 1) * bits - 1, j * bits).asSInt());
    }

    private SInt delayed(SInt value, int cycles) {
        for (int i = 0; i < cycles; i++) value = registered(value);
        return value;
    }

    /** Whether a row starts with a group, by log2 of the ratio: the group is a multiple of {@code block / ratio}. */
    private static Bool starts(Params p, int group, UInt ratio) {
        int zeros = Integer.numberOfTrailingZeros(group == 0 ? p.block() : group);
        int least = Integer.numberOfTrailingZeros(p.block()) - zeros;
        return least <= 0 ? Hdl.lit(true) : ratio.ge(least);
    }

    /** What goes along with a slot: whether there is one, and its ratio. */
    private final class Passing {
        private final List<Bool> valids = new ArrayList<>();
        private final List<UInt> ratios = new ArrayList<>();

        Passing(int cycles, UInt ratio) {
            valids.add(valid);
            ratios.add(ratio);
            for (int i = 1; i < cycles; i++) {
                var flag = reg(bool()).init(false);
                flag.set(valids.get(i - 1));
                valids.add(flag);
                ratios.add(registered(ratios.get(i - 1)));
            }
        }

        Bool valid(int cycle) {
            return valids.get(cycle);
        }

        UInt ratio(int cycle) {
            return ratios.get(cycle);
        }
    }
}
