// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorPass.After;
import dev.lutra.machine.VectorPass.Factor;
import dev.lutra.machine.VectorPass.Function;
import dev.lutra.machine.VectorPass.Reduction;
import dev.lutra.machine.VectorPass.Sign;
import dev.lutra.machine.VectorShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention of one query position, key by key, with the online softmax (arXiv 1805.02867): every head keeps the greatest score, the sum of weights and the weighted sum of
 * values. Scores have their sign inverted, since the least of two numbers is what a pass finds; scores and weights are vectors of an element per head.
 *
 * <p>It takes {@link #rows} rows of the scratchpad. Heads have whole rows, and a power of two of elements; a power of two of query heads shares a key head.
 *
 * @param heads query heads, a multiple of {@code kvHeads}
 * @param first row from which on it has its vectors
 */
public record VectorAttention(VectorShape shape, int heads, int kvHeads, int headDim, int first) {

    /** The vectors of an element per head. */
    private enum OfHeads {
        SCORES,
        LEAST,
        NEXT_LEAST,
        WEIGHTS,
        FACTORS,
        TOTALS
    }

    private int elements() {
        return heads * headDim;
    }

    private int rowsOfQuery() {
        return shape.rowsOf(elements());
    }

    private int rowsOfKey() {
        return shape.rowsOf(kvHeads * headDim);
    }

    /** Products of queries and keys, and sums of more and more of them; then values by their weights. */
    private int products() {
        return first;
    }

    private int mixed() {
        return products() + rowsOfQuery();
    }

    private int at(OfHeads vector) {
        return mixed() + rowsOfQuery() + vector.ordinal() * shape.rowsOf(heads);
    }

    /** Where the key of a position is expected. */
    public int key() {
        return mixed() + rowsOfQuery() + OfHeads.values().length * shape.rowsOf(heads);
    }

    /** Where its value is expected. */
    public int value() {
        return key() + rowsOfKey();
    }

    /** Rows of the scratchpad that it uses. */
    public int rows() {
        return value() + rowsOfKey() - first;
    }

    /**
     * Begins with the position of the query itself.
     *
     * @param q rows of the query's heads, which are multiplied in place
     * @param k rows of its key
     * @param v rows of its value
     * @param scaleScalar register of what queries are multiplied by, a negative number
     * @param oneScalar register of 1
     */
    public List<VectorPass> begin(int q, int k, int v, int scaleScalar, int oneScalar) {
        List<VectorPass> passes = new ArrayList<>();
        passes.add(
                VectorPass.of(q, elements()).times(Factor.SCALAR, scaleScalar).to(q));
        score(passes, q, k, at(OfHeads.LEAST), After.ROWS);
        passes.add(VectorPass.ofScalar(oneScalar)
                .over(heads)
                .to(at(OfHeads.TOTALS))
                .after(After.NOTHING));
        passes.add(forQueries(v).to(mixed()).after(After.NOTHING));
        return passes;
    }

    /**
     * Goes on with a position, of which {@link #key} and {@link #value} are read by one pass each.
     *
     * @param q rows of the query, as {@link #begin} has left it
     */
    public List<VectorPass> position(int q) {
        List<VectorPass> passes = new ArrayList<>();
        score(passes, q, key(), at(OfHeads.SCORES), After.NOTHING);
        passes.add(of(OfHeads.SCORES)
                .orLess(at(OfHeads.LEAST))
                .to(at(OfHeads.NEXT_LEAST))
                .after(After.ROWS));
        VectorPass weigh = of(OfHeads.SCORES).signed(Sign.NEGATED).function(Function.EXPONENTIAL);
        passes.add(
                weigh.plusVector(at(OfHeads.NEXT_LEAST)).to(at(OfHeads.WEIGHTS)).after(After.ROWS));
        VectorPass before = of(OfHeads.LEAST).signed(Sign.NEGATED).function(Function.EXPONENTIAL);
        passes.add(before.plusVector(at(OfHeads.NEXT_LEAST))
                .to(at(OfHeads.FACTORS))
                .after(After.ROWS));
        passes.add(forQueries(value())
                .timesSpread(at(OfHeads.WEIGHTS), headDim)
                .to(products())
                .after(After.ROWS));
        passes.add(of(OfHeads.NEXT_LEAST).to(at(OfHeads.LEAST)).after(After.NOTHING));
        passes.add(of(OfHeads.TOTALS)
                .timesVector(at(OfHeads.FACTORS))
                .to(at(OfHeads.TOTALS))
                .after(After.ROWS));
        passes.add(VectorPass.of(mixed(), elements())
                .timesSpread(at(OfHeads.FACTORS), headDim)
                .to(mixed())
                .after(After.NOTHING));
        passes.add(of(OfHeads.TOTALS)
                .plusVector(at(OfHeads.WEIGHTS))
                .to(at(OfHeads.TOTALS))
                .after(After.ROWS));
        passes.add(VectorPass.of(mixed(), elements())
                .plusVector(products())
                .to(mixed())
                .after(After.ROWS));
        return passes;
    }

    /** Divides by the sums of weights. */
    public List<VectorPass> end(int out) {
        VectorPass reciprocals = of(OfHeads.TOTALS).function(Function.RECIPROCAL);
        return List.of(
                reciprocals.to(at(OfHeads.TOTALS)),
                VectorPass.of(mixed(), elements())
                        .timesSpread(at(OfHeads.TOTALS), headDim)
                        .to(out)
                        .after(After.ROWS));
    }

    private VectorPass of(OfHeads vector) {
        return VectorPass.of(at(vector), heads);
    }

    /** Heads of a key or a value, each as often as query heads share it. */
    private VectorPass forQueries(int row) {
        return VectorPass.of(row, elements()).repeated(heads / kvHeads, headDim / shape.lanes());
    }

    /** Products of queries and a key, added up within each head: first neighbours, then neighbours of pairs, and so on. */
    private void score(List<VectorPass> passes, int q, int key, int to, After after) {
        passes.add(forQueries(key).timesVector(q).to(products()).after(after));
        for (int left = headDim / 2; left >= 1; left /= 2) {
            passes.add(VectorPass.of(products(), heads * left)
                    .plus(VectorPass.Addend.VECTOR, 0)
                    .reduced(Reduction.PAIRS, 0)
                    .to(left == 1 ? to : products()));
        }
    }
}
