// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.machine.NmRatio;
import dev.lutra.pe.dot.Pipelined;
import java.util.ArrayList;
import java.util.List;

/**
 * A sparse chain with the sums of B rows behind it, B being the chain's block: a matrix of any width, cut into blocks of B rows and as many
 * columns as the chain is long, each block with a ratio of its own. A block takes {@code B N/M} slots, turn t of them with rows
 * {@code t M/N .. (t + 1) M/N - 1}.
 */
public final class DspTile extends Pipelined {

    /**
     * Shape.
     *
     * @param chain with its blocks
     * @param sumBits of the sums over all columns
     */
    public record Params(DspChain.Params chain, int sumBits) {

        public Params {
            if (sumBits < chain.resultBits() || sumBits > 48) {
                throw new IllegalArgumentException("sums of " + sumBits + " bits: " + chain.resultBits()
                        + " are needed for one pass of the chain, 48 are the most");
            }
        }

        /** Cycles from the last slot to {@link DspTile#done}. */
        public int latency() {
            return chain.latency(chain.block() - 1) + 1;
        }

        /** Slots of a block of rows and columns. */
        public int slots(NmRatio ratio) {
            return chain.block() / ratio.rows();
        }

        /** Cycles of so many slots without gaps, until the last rows are done. */
        public long cycles(long slots) {
            return slots + latency();
        }
    }

    public final Bool valid = in(bool());
    public final Bool matrixVector = in(bool());
    public final UInt logN = in(uint(3));
    public final UInt logM = in(uint(3));

    /** The slot is the first one of a block: its turn is 0. */
    public final Bool begins = in(bool());

    /** The slot is of the first columns of its rows. */
    public final Bool first = in(bool());

    /** The slot is the last one of its rows. */
    public final Bool last = in(bool());

    /** As those of {@link DspChain}. */
    public final Vec<Bits> activations;

    public final Vec<Bits> weights;
    public final Bits indices;

    /** The sums are those of finished rows, in this cycle. */
    public final Bool done = out(bool());

    /** Of each row, the sums by product. */
    public final Vec<Vec<SInt>> sums;

    /** Slots since reset. */
    public final UInt slots = out(uint(32));

    /** Products that the multipliers took part in since reset: {@code x y} per DSP block and slot, of matrix-vector slots x. */
    public final UInt products = out(uint(48));

    public DspTile(Params p) {
        super(p);
        var shape = p.chain();
        int block = shape.block();
        var packing = shape.packing();
        doc("A sparse DSP chain with %d rows of sums.".formatted(block));
        int operands = shape.length() * shape.operandBits();
        activations = in(vec(packing.xs(), i -> bits(operands)));
        weights = in(vec(shape.weightRows(), i -> bits(operands)));
        var chain = new DspChain(shape);
        indices = in(bits(chain.indices.width()));
        sums = out(vec(block, i -> vec(packing.products(), k -> sint(p.sumBits()))));
        chain.valid.set(valid);
        chain.matrixVector.set(matrixVector);
        chain.logN.set(logN);
        chain.logM.set(logM);
        chain.activations.set(activations);
        chain.weights.set(weights);
        chain.indices.set(indices);
        slots.set(chain.slots);
        var made = reg(uint(48)).init(0);
        int perSlot = shape.length() * packing.products();
        when(valid, () -> made.set(made.wrapAdd(mux(matrixVector, shape.length() * packing.xs(), lit(perSlot)))));
        products.set(made);

        var ratio = logM.wrapSub(logN);
        var next = reg(uint(4));
        var turn = mux(begins, 0, next);
        when(valid, () -> next.set(turn.wrapAdd(1)));
        int late = shape.latency(block - 1);
        var there = resetting(valid, late);
        var ratioThere = late(ratio, late);
        var turnThere = late(turn, late);
        var firstThere = late(first, late);
        done.set(resetting(valid.and(last), late + 1));

        // All lanes as late as the last one: no two results of a row meet.
        List<List<SInt>> lanes = new ArrayList<>();
        for (int lane = 0; lane < block; lane++) {
            var results = new ArrayList<SInt>();
            for (int f = 0; f < packing.products(); f++) {
                results.add(late(chain.results.get(lane).get(f), late - shape.latency(lane)));
            }
            lanes.add(results);
        }
        for (int row = 0; row < block; row++) {
            var hit = Hdl.lit(false);
            var sources = new ArrayList<Integer>();
            for (int r = 0; 1 << r <= block; r++) {
                hit = hit.or(ratioThere.eq(r).and(turnThere.eq(row >> r)));
                int part = row & (1 << r) - 1;
                sources.add((part + 1) * (block >> r) - 1);
            }
            var taken = there.and(hit);
            for (int f = 0; f < packing.products(); f++) {
                int product = f;
                var values = sources.stream()
                        .map(lane -> lanes.get(lane).get(product))
                        .toList();
                var value = values.size() == 1 ? values.get(0) : select(ratioThere, values);
                var sum = reg(sint(p.sumBits()));
                when(
                        taken,
                        () -> sum.set(mux(firstThere, slit(0, p.sumBits()), sum).wrapAdd(value)));
                sums.get(row).get(f).set(sum);
            }
        }
    }

    private <T extends Data> T late(T value, int cycles) {
        var at = value;
        for (int i = 0; i < cycles; i++) at = registered(at);
        return at;
    }

    private Bool resetting(Bool flag, int cycles) {
        var at = flag;
        for (int i = 0; i < cycles; i++) {
            var stage = reg(bool()).init(false);
            stage.set(at);
            at = stage;
        }
        return at;
    }
}
