// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.machine.ChainLayout;
import dev.lutra.pe.KeptWeights;
import dev.lutra.pe.MatrixCore;
import dev.lutra.pe.MatrixShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Tiles of sparse chains as a matrix core: a tile per chain of the layout and per two rows of activations, which share weights and indices.
 * One row takes the chains in matrix-vector mode, more rows in matrix-matrix mode.
 */
final class DspCore extends MatrixCore {
    private static final int MOST_SUM = 48;
    private static final int NARROW = 4;

    /** Form and shape. */
    record Params(DspForm form, MatrixShape shape, ChainLayout chains) {

        DspTile.Params tile() {
            var chain = new DspChain.Params(form, operandBits(), chains.block(), chains.length());
            int columns =
                    shape.m() == 1 ? chain.packing().xs() : chain.packing().ys();
            if (columns < chains.width()) {
                throw new IllegalArgumentException(
                        "its blocks take one weight with two activations of %d bits, not two: have 1 row or weights of more bits"
                                .formatted(shape.elementBits()));
            }
            return new DspTile.Params(chain, Math.min(shape.outerBits(), MOST_SUM));
        }

        private int operandBits() {
            return shape.elementBits() <= NARROW && shape.planes() <= NARROW ? NARROW : 8;
        }
    }

    private final Params p;
    private final KeptWeights weightsKept;

    DspCore(Params p) {
        super(p, p.shape());
        this.p = p;
        weightsKept = Objects.requireNonNull(kept, "a layout of chains");
        var shape = p.shape();
        doc(
                "Sparse DSP chains: %d x %d results, %d activations per row and cycle, N of M weights at a ratio that comes with the slot."
                        .formatted(shape.m(), shape.n(), shape.step()));
        var tile = p.tile();
        // A step's first slot begins a block; the slots of a group's first step begin its sums.
        var inFirstStep = reg(bool()).init(false);
        Bool firstStep = control.groupFirst.or(inFirstStep.and(control.planeFirst.not()));
        when(control.valid, () -> inFirstStep.set(firstStep));
        List<DspTile> tiles = new ArrayList<>();
        for (int rows = 0; rows < Math.max(1, shape.m() / 2); rows++) {
            for (int c = 0; c < p.chains().chains(); c++) tiles.add(tile(tile, 2 * rows, c, firstStep));
        }
        Bool done = tiles.get(0).done;
        var captured = reg(bool()).init(false);
        captured.set(done);
        resultValid.set(captured);
        for (int m = 0; m < shape.m(); m++) {
            for (int n = 0; n < shape.n(); n++) {
                SInt sum = sum(tiles, m, n);
                var held = reg(sint(shape.outerBits()));
                when(done, () -> held.set(sum));
                result.get(m * shape.n() + n).set(held);
            }
        }
    }

    /** Cycles from the last slot of a block to its results. */
    static int latency(Params p) {
        return p.tile().latency() + 1;
    }

    private DspTile tile(DspTile.Params params, int firstRow, int chain, Bool firstStep) {
        var shape = params.chain();
        var layout = p.chains();
        var tile = new DspTile(params);
        tile.valid.set(control.valid);
        tile.matrixVector.set(p.shape().m() == 1);
        tile.begins.set(control.planeFirst);
        tile.first.set(firstStep.and(control.blockFirst));
        tile.last.set(control.groupLast.and(control.blockLast));
        tile.logN.set(weightsKept.logN);
        tile.logM.set(weightsKept.logM);
        for (int i = 0; i < tile.activations.size(); i++) {
            int row = firstRow + i;
            tile.activations.get(i).set(row < p.shape().m() ? activations(row, shape.operandBits()) : zero(shape));
        }
        for (int i = 0; i < tile.weights.size(); i++) {
            tile.weights.get(i).set(i < layout.width() ? weights(chain, i, shape.operandBits()) : zero(shape));
        }
        tile.indices.set(indices(chain));
        return tile;
    }

    /** Matrix-matrix: of x operand i, the row's, and y operand k, the column's; matrix-vector: the column's x and the first y. */
    private SInt sum(List<DspTile> tiles, int m, int n) {
        var layout = p.chains();
        int ys = p.tile().chain().packing().ys();
        int column = n % layout.width();
        int unit = n / layout.width() % layout.block();
        int chain = n / layout.width() / layout.block();
        int product = p.shape().m() == 1 ? column * ys : m % 2 * ys + column;
        SInt sum = tiles.get(m / 2 * layout.chains() + chain).sums.get(unit).get(product);
        return sum.width() < p.shape().outerBits() ? sum.extend(p.shape().outerBits()) : sum;
    }

    private Bits activations(int row, int bits) {
        var elements = new ArrayList<Data>();
        for (int k = p.shape().step() - 1; k >= 0; k--) {
            int at = 8 * (row * p.shape().step() + k);
            elements.add(activations.bits(at + bits - 1, at));
        }
        return cat(elements);
    }

    private Bits weights(int chain, int column, int bits) {
        var layout = p.chains();
        int planes = p.shape().planes();
        var elements = new ArrayList<Data>();
        for (int j = layout.length() - 1; j >= 0; j--) {
            int at = ((chain * layout.length() + j) * layout.width() + column) * planes;
            var weight = weights.bits(at + planes - 1, at).asSInt();
            elements.add((planes < bits ? weight.extend(bits) : weight).asBits());
        }
        return cat(elements);
    }

    private Bits indices(int chain) {
        var layout = p.chains();
        int used = Integer.numberOfTrailingZeros(layout.block());
        var elements = new ArrayList<Data>();
        for (int j = layout.length() - 1; j >= 0; j--) {
            int at = (chain * layout.length() + j) * layout.indexBits();
            elements.add(weightsKept.indices.bits(at + used - 1, at));
        }
        return cat(elements);
    }

    private static Bits zero(DspChain.Params chain) {
        return Hdl.lit(0, chain.length() * chain.operandBits()).asBits();
    }
}
