// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorPass.After;
import dev.lutra.machine.VectorPass.Factor;
import dev.lutra.machine.VectorPass.Function;
import dev.lutra.machine.VectorPass.Sign;
import dev.lutra.machine.VectorShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention of one query position, key by key, with the online softmax (arXiv 1805.02867): every head keeps the greatest score m, the sum l of weights and the weighted
 * sum of values, and every element of a head has its own copy of m and l, so that all passes are element by element. Query heads that share a key head lie apart:
 * [member of the group][key head][element], so that keys and values are read over and over with their own length as period.
 *
 * <p>It takes {@link #rows} rows of the scratchpad. Heads have whole rows, and a power of two of elements.
 *
 * @param heads query heads, a multiple of {@code kvHeads}
 * @param first row from which on it has its vectors
 */
public record VectorAttention(VectorShape shape, int heads, int kvHeads, int headDim, int first) {
    private static final int QUERIES = 0;
    private static final int SCORES = 1;
    private static final int OTHER_SCORES = 2;
    private static final int GREATEST = 3;
    private static final int EXCESS = 4;
    private static final int FACTOR = 5;
    // what is added to sums, and the sums, lie side by side: one pass for both
    private static final int WEIGHTED = 6;
    private static final int WEIGHTS = 7;
    private static final int MIXED = 8;
    private static final int TOTAL = 9;
    private static final int VECTORS = 10;

    private int elements() {
        return heads * headDim;
    }

    private int at(int vector) {
        return first + vector * shape.rowsOf(elements());
    }

    private int keyRows() {
        return shape.rowsOf(kvHeads * headDim);
    }

    /** Where the key of a position is expected. */
    public int key() {
        return at(VECTORS);
    }

    /** Where its value is expected. */
    public int value() {
        return key() + keyRows();
    }

    /** Rows of the scratchpad that it uses. */
    public int rows() {
        return value() + keyRows() - first;
    }

    /**
     * Begins with the position of the query itself.
     *
     * @param q rows of the query's heads, in order
     * @param k rows of its key
     * @param v rows of its value
     * @param scaleScalar register of what queries are multiplied by
     * @param oneScalar register of 1
     */
    public List<VectorPass> begin(int q, int k, int v, int scaleScalar, int oneScalar) {
        List<VectorPass> passes = new ArrayList<>();
        eachHead((natural, grouped, n, after) -> passes.add(VectorPass.of(q + natural, n)
                .times(Factor.SCALAR, scaleScalar)
                .to(at(QUERIES) + grouped)
                .after(after)));
        score(passes, k, at(GREATEST), After.ALL);
        VectorPass one = VectorPass.ofScalar(oneScalar).over(elements()).after(After.NOTHING);
        passes.add(one.to(at(TOTAL)));
        passes.add(one.timesVector(v).y(v, keyRows()).to(at(MIXED)));
        return passes;
    }

    /**
     * Goes on with a position, of which {@link #key} and {@link #value} are read by one pass each.
     *
     * @param minusScalar register of -1
     */
    public List<VectorPass> position(int minusScalar) {
        int n = elements();
        List<VectorPass> passes = new ArrayList<>();
        score(passes, key(), at(EXCESS), After.NOTHING);
        VectorPass excess = VectorPass.of(at(EXCESS), n).signed(Sign.POSITIVE).after(After.ROWS);
        VectorPass minus = excess.times(Factor.SCALAR, minusScalar).function(Function.EXPONENTIAL);
        passes.add(VectorPass.of(at(GREATEST), n)
                .signed(Sign.NEGATED)
                .plusVector(at(EXCESS))
                .to(at(EXCESS))
                .after(After.ROWS));
        passes.add(excess.plusVector(at(GREATEST)).to(at(GREATEST)));
        passes.add(minus.to(at(FACTOR)));
        passes.add(minus.plusVector(at(EXCESS)).to(at(WEIGHTS)).after(After.NOTHING));
        passes.add(VectorPass.of(at(WEIGHTS), n)
                .timesVector(value())
                .y(value(), keyRows())
                .to(at(WEIGHTED))
                .after(After.ROWS));
        passes.add(VectorPass.of(at(MIXED), 2 * n)
                .timesVector(at(FACTOR))
                .y(at(FACTOR), shape.rowsOf(n))
                .to(at(MIXED))
                .after(After.NOTHING));
        passes.add(VectorPass.of(at(MIXED), 2 * n)
                .plusVector(at(WEIGHTED))
                .to(at(MIXED))
                .after(After.ROWS));
        return passes;
    }

    /** Divides by the sums of weights, and puts the heads in order at rows of their own. */
    public List<VectorPass> end(int mixed) {
        List<VectorPass> passes = new ArrayList<>();
        passes.add(VectorPass.of(at(TOTAL), elements())
                .function(Function.RECIPROCAL)
                .to(at(TOTAL)));
        eachHead((natural, grouped, n, after) -> passes.add(VectorPass.of(at(MIXED) + grouped, n)
                .timesVector(at(TOTAL) + grouped)
                .to(mixed + natural)
                .after(after)));
        return passes;
    }

    private interface Head {
        void take(int natural, int grouped, int elements, After after);
    }

    /** Rows of each head in either order; all heads at once where the orders are the same. */
    private void eachHead(Head head) {
        int group = heads / kvHeads;
        if (group == 1) {
            head.take(0, 0, elements(), After.ALL);
            return;
        }
        int rows = shape.rowsOf(headDim);
        for (int h = 0; h < heads; h++) {
            int grouped = h % group * kvHeads + h / group;
            head.take(h * rows, grouped * rows, headDim, h == 0 ? After.ALL : After.NOTHING);
        }
    }

    /** Products of queries and a key, added up within each head: first neighbours, then neighbours of pairs, and so on. */
    private void score(List<VectorPass> passes, int key, int to, After after) {
        int n = elements();
        int from = at(SCORES);
        int other = at(OTHER_SCORES);
        passes.add(VectorPass.of(at(QUERIES), n)
                .timesVector(key)
                .y(key, keyRows())
                .to(from)
                .after(after));
        for (int apart = 1; apart < headDim; apart *= 2) {
            boolean within = apart < shape.lanes();
            // a row must not be written before its partner has read it
            int next = 2 * apart == headDim ? to : within ? from : other;
            other = next == other ? from : other;
            passes.add(VectorPass.of(from, n)
                    .swapped(apart)
                    .plusVector(from)
                    .to(next)
                    .after(within ? After.ROWS : After.ALL));
            from = next;
        }
    }
}
