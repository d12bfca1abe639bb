// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorPass.Addend;
import dev.lutra.machine.VectorPass.After;
import dev.lutra.machine.VectorPass.Factor;
import dev.lutra.machine.VectorPass.Function;
import dev.lutra.machine.VectorPass.Reduction;
import dev.lutra.machine.VectorPass.Result;
import dev.lutra.machine.VectorPass.Sign;
import dev.lutra.machine.VectorRow;
import dev.lutra.machine.VectorShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention of one query position over blocks of others, with the online softmax (arXiv 1805.02867): every head keeps the greatest score, the sum of weights and the
 * weighted sum of values. Scores have their sign inverted, since the least of two numbers is what a pass finds. Scores and weights are vectors of an element per position
 * of the block and head, [position][head]; what a head has once is a vector of an element per head, over and over in a row where that is longer.
 *
 * <p>Where query heads that share a key head are no power of two, the first of them come again behind them, until they are one: what is said of heads below is said of all of these,
 * {@link #filledHeads}, and nobody reads what becomes of the copies.
 *
 * <p>It takes {@link #rows} rows of the scratchpad. Heads have whole rows, and a power of two of elements; heads are a multiple of the lanes, or lanes a multiple of the heads.
 *
 * <p>Keys and values are numbers, or codes of -127..127 with a scale for each head of a position, which multiplies the score, or the weight that the value meets.
 *
 * @param queryHeads a multiple of {@code kvHeads}
 * @param positions of a block, a power of two
 * @param scales of a position: a multiple of {@code kvHeads} and the lanes, of which {@code heads} are a multiple, each as often as such heads come together; 0 where keys
 *     and values are numbers
 * @param first row from which on it has its vectors
 */
public record VectorAttention(
        VectorShape shape, int queryHeads, int kvHeads, int headDim, int positions, int scales, int first) {

    /** What the score of a position that there is not is greater by, times its distance from the first one: its weight is 0. */
    public static final float FAR = 1e30f;

    /** Rows of an element per head up to which passes read weights no sooner than a pass before them writes them. */
    private static final int ROWS_IN_TIME = 4;

    /** The vectors of an element per head. */
    private enum OfHeads {
        LEAST,
        NEXT_LEAST,
        FACTORS,
        SUMS,
        TOTALS
    }

    /** The vectors of an element per position and head; the last one only of codes. */
    private enum OfBlock {
        DISTANCES,
        SCORES,
        WEIGHTS,
        SCALED
    }

    /** Query heads, with the copies that make a power of two of those of a key head. */
    public static int filledHeads(int queryHeads, int kvHeads) {
        return kvHeads * Integer.highestOneBit(2 * (queryHeads / kvHeads) - 1);
    }

    private int heads() {
        return filledHeads(queryHeads, kvHeads);
    }

    private boolean copiesHeads() {
        return heads() > queryHeads;
    }

    private int elements() {
        return heads() * headDim;
    }

    /** Elements of a vector of heads, with those that fill the row. */
    private int filled() {
        return Math.max(heads(), shape.lanes());
    }

    private int rowsOfQuery() {
        return shape.rowsOf(elements());
    }

    private int rowsOfKey() {
        return shape.rowsOf(kvHeads * headDim);
    }

    private int rowsOfHead() {
        return headDim / shape.lanes();
    }

    /** Whether rows of a head are added up while queries and keys are multiplied: of as many heads as such sums take turns, or a multiple of them. */
    public static boolean sumsRows(int lanes, int heads, int headDim) {
        return headDim > lanes && heads % VectorRow.TURN == 0;
    }

    private boolean sumsRows() {
        return sumsRows(shape.lanes(), heads(), headDim);
    }

    /** Products of queries and keys, or sums of those of a head's rows, and sums of more and more of them; then sums of values by their weights. */
    private int products() {
        return first;
    }

    private int rowsOfProducts() {
        return sumsRows() ? Math.max(positions * heads(), rowsOfQuery()) : positions * rowsOfQuery();
    }

    private int mixed() {
        return products() + rowsOfProducts();
    }

    private int at(OfHeads vector) {
        return mixed() + rowsOfQuery() + vector.ordinal() * shape.rowsOf(heads());
    }

    private int at(OfBlock vector) {
        return mixed()
                + rowsOfQuery()
                + OfHeads.values().length * shape.rowsOf(heads())
                + vector.ordinal() * shape.rowsOf(positions * heads());
    }

    private boolean coded() {
        return scales > 0;
    }

    /** Where keys of a block are expected, the earliest position first. */
    public int keys() {
        OfBlock last = coded() ? OfBlock.SCALED : OfBlock.WEIGHTS;
        return at(last) + shape.rowsOf(positions * heads());
    }

    /** Where the scales of keys are expected. */
    public int keyScales() {
        return values() + positions * rowsOfKey();
    }

    /** Where the scales of values are expected. */
    public int valueScales() {
        return keyScales() + positions * shape.rowsOf(scales);
    }

    /** Where {@link #quantise} leaves the scales of the position itself, those of its key and then those of its value. */
    public int ownScales() {
        return valueScales() + positions * shape.rowsOf(scales);
    }

    /** Where its values are expected. */
    public int values() {
        return keys() + positions * rowsOfKey();
    }

    /** Queries with their copies. */
    private int copied() {
        return ownScales() + shape.rowsOf(2 * scales);
    }

    /** Rows of the scratchpad that it uses. */
    public int rows() {
        return copied() + (copiesHeads() ? rowsOfQuery() : 0) - first;
    }

    /**
     * Makes codes of a key and a value in place, and their scales: {@code scale = max|x| / 127} of a head, {@code code = rne(x / scale)}, with a factor and a reciprocal.
     *
     * @param vectors rows of key and value, one behind the other
     * @param partScalar register of -1/127
     * @param oneScalar register of 1
     */
    public List<VectorPass> quantise(int vectors, int partScalar, int oneScalar) {
        int n = 2 * kvHeads * headDim;
        int reciprocals = at(OfBlock.SCORES);
        List<VectorPass> passes = new ArrayList<>();
        passes.add(VectorPass.of(vectors, n)
                .signed(Sign.MAGNITUDE)
                .times(Factor.SCALAR, partScalar)
                .to(products()));
        for (int left = headDim / 2; left >= 1; left /= 2) {
            passes.add(VectorPass.of(products(), 2 * kvHeads * left)
                    .plus(Addend.MINIMUM, 0)
                    .reduced(Reduction.PAIRS, 0)
                    .to(products()));
        }
        passes.add(VectorPass.of(products(), 2 * kvHeads)
                .function(Function.RECIPROCAL)
                .to(reciprocals));
        passes.add(VectorPass.ofScalar(oneScalar)
                .signed(Sign.NEGATED)
                .over(2 * scales)
                .timesSpread(products(), scales / kvHeads)
                .to(ownScales())
                .after(After.NOTHING));
        passes.add(VectorPass.of(vectors, n)
                .signed(Sign.NEGATED)
                .timesSpread(reciprocals, headDim)
                .write(Result.INT8, vectors));
        return passes;
    }

    /**
     * Begins with the position of the query itself.
     *
     * @param q rows of the query's heads, which are multiplied in place if there are no copies
     * @param k rows of its key
     * @param v rows of its value
     * @param distances rows of the numbers by which the positions of the first block are before the first position, [position][head]
     * @param scaleScalar register of what queries are multiplied by, a negative number
     * @param oneScalar register of 1
     */
    public List<VectorPass> begin(int q, int k, int v, int distances, int scaleScalar, int oneScalar) {
        List<VectorPass> passes = new ArrayList<>();
        if (copiesHeads()) {
            int own = queryHeads / kvHeads;
            int all = heads() / kvHeads;
            for (int group = 0; group < kvHeads; group++) {
                int from = q + group * own * rowsOfHead();
                int to = copied() + group * all * rowsOfHead();
                passes.add(scaledQueries(from, own, scaleScalar).to(to).after(group == 0 ? After.ALL : After.NOTHING));
                passes.add(scaledQueries(from, all - own, scaleScalar)
                        .to(to + own * rowsOfHead())
                        .after(After.NOTHING));
            }
        } else {
            passes.add(scaledQueries(q, heads(), scaleScalar).to(q));
        }
        int key = k;
        for (int i = 0; filled() > heads() && i < filled() / heads(); i++) {
            key = keys();
            passes.add(VectorPass.of(k, kvHeads * headDim)
                    .to(key + i * rowsOfKey())
                    .after(After.NOTHING));
        }
        score(passes, queries(q), key, filled(), at(OfHeads.LEAST), After.ALL);
        if (coded()) {
            passes.add(scaled(of(OfHeads.LEAST), ownScales()).to(at(OfHeads.LEAST)));
        }
        passes.add(ofBlock(distances).to(at(OfBlock.DISTANCES)).after(After.NOTHING));
        passes.add(VectorPass.ofScalar(oneScalar)
                .over(filled())
                .to(at(OfHeads.TOTALS))
                .after(After.NOTHING));
        VectorPass value = forQueries(v, elements()).after(After.NOTHING);
        int ownValueScales = ownScales() + shape.rowsOf(scales);
        passes.add((coded() ? value.timesSpread(ownValueScales, headDim * heads() / scales) : value).to(mixed()));
        return passes;
    }

    private int queries(int q) {
        return copiesHeads() ? copied() : q;
    }

    private VectorPass scaledQueries(int row, int heads, int scaleScalar) {
        return VectorPass.of(row, heads * headDim).times(Factor.SCALAR, scaleScalar);
    }

    /** Scores or weights of heads, times the scales of their positions. */
    private VectorPass scaled(VectorPass pass, int rows) {
        return pass.timesSpread(rows, heads() / scales);
    }

    /**
     * Goes on with the block of positions before, of which {@link #keys} and {@link #values} are read by one pass each, scales of keys by a later pass, those of values by an
     * earlier one.
     *
     * @param q rows of the query, as {@link #begin} was given them
     * @param farScalar register of {@link #FAR}
     * @param stepScalar register of the number of positions
     */
    public List<VectorPass> block(int q, int farScalar, int stepScalar) {
        List<VectorPass> passes = new ArrayList<>();
        score(passes, queries(q), keys(), positions * heads(), at(OfBlock.SCORES), After.NOTHING);
        if (coded()) {
            passes.add(scaled(of(OfBlock.SCORES), keyScales()).to(at(OfBlock.SCORES)));
        }
        passes.add(of(OfBlock.DISTANCES)
                .signed(Sign.POSITIVE)
                .times(Factor.SCALAR, farScalar)
                .plusVector(at(OfBlock.SCORES))
                .to(at(OfBlock.SCORES))
                .after(After.ROWS));
        passes.add(overPositions(of(OfBlock.SCORES).orLess(at(OfHeads.LEAST))).to(at(OfHeads.NEXT_LEAST)));
        copies(passes, OfHeads.NEXT_LEAST, Addend.MINIMUM);
        VectorPass before = of(OfHeads.LEAST).signed(Sign.NEGATED).function(Function.EXPONENTIAL);
        passes.add(before.plusVector(at(OfHeads.NEXT_LEAST)).to(at(OfHeads.FACTORS)));
        VectorPass weigh = of(OfBlock.SCORES).signed(Sign.NEGATED).function(Function.EXPONENTIAL);
        passes.add(weigh.plusVector(0)
                .y(at(OfHeads.NEXT_LEAST), shape.rowsOf(heads()))
                .to(at(OfBlock.WEIGHTS))
                .after(After.NOTHING));
        if (coded()) {
            passes.add(scaled(of(OfBlock.WEIGHTS), valueScales())
                    .to(at(OfBlock.SCALED))
                    .after(After.ROWS));
        }
        passes.add(forQueries(values(), elements())
                .timesSpread(at(coded() ? OfBlock.SCALED : OfBlock.WEIGHTS), headDim)
                .reduced(positions == 1 ? Reduction.NONE : Reduction.PARTS, Integer.numberOfTrailingZeros(positions))
                .to(products())
                .after(shape.rowsOf(heads()) > ROWS_IN_TIME ? After.ALL : After.ROWS));
        passes.add(of(OfHeads.TOTALS)
                .timesVector(at(OfHeads.FACTORS))
                .to(at(OfHeads.TOTALS))
                .after(After.NOTHING));
        passes.add(VectorPass.of(mixed(), elements())
                .timesSpread(at(OfHeads.FACTORS), headDim)
                .to(mixed())
                .after(After.NOTHING));
        passes.add(overPositions(of(OfBlock.WEIGHTS)).to(at(OfHeads.SUMS)).after(After.ROWS));
        copies(passes, OfHeads.SUMS, Addend.VECTOR);
        passes.add(of(OfBlock.DISTANCES)
                .plus(Addend.SCALAR, stepScalar)
                .to(at(OfBlock.DISTANCES))
                .after(After.NOTHING));
        passes.add(of(OfHeads.TOTALS)
                .plusVector(at(OfHeads.SUMS))
                .to(at(OfHeads.TOTALS))
                .after(After.ROWS));
        passes.add(of(OfHeads.NEXT_LEAST).to(at(OfHeads.LEAST)).after(After.NOTHING));
        passes.add(VectorPass.of(mixed(), elements())
                .plusVector(products())
                .to(mixed())
                .after(After.NOTHING));
        return passes;
    }

    /** Divides by the sums of weights, and leaves copies out. */
    public List<VectorPass> end(int out) {
        List<VectorPass> passes = new ArrayList<>();
        VectorPass reciprocals = of(OfHeads.TOTALS).function(Function.RECIPROCAL);
        passes.add(reciprocals.to(at(OfHeads.TOTALS)));
        VectorPass divided = VectorPass.of(mixed(), elements())
                .timesSpread(at(OfHeads.TOTALS), headDim)
                .after(After.ALL);
        passes.add(divided.to(copiesHeads() ? mixed() : out));
        int own = queryHeads / kvHeads;
        int all = heads() / kvHeads;
        for (int group = 0; copiesHeads() && group < kvHeads; group++) {
            passes.add(VectorPass.of(mixed() + group * all * rowsOfHead(), own * headDim)
                    .to(out + group * own * rowsOfHead())
                    .after(group == 0 ? After.ALL : After.NOTHING));
        }
        return passes;
    }

    private VectorPass of(OfHeads vector) {
        return VectorPass.of(at(vector), filled());
    }

    private VectorPass of(OfBlock vector) {
        return ofBlock(at(vector));
    }

    private VectorPass ofBlock(int row) {
        return VectorPass.of(row, positions * heads());
    }

    /** How often a row has the elements of all heads. */
    private int copies() {
        return filled() / heads();
    }

    /** A sum, or the least, of all positions of a vector that are at the same place of a row. */
    private VectorPass overPositions(VectorPass pass) {
        int parts = positions / copies();
        VectorPass one = pass.over(filled());
        return parts == 1 ? one : one.reduced(Reduction.PARTS, Integer.numberOfTrailingZeros(parts));
    }

    /** Then of the positions that share a row, so that each place has it. */
    private void copies(List<VectorPass> passes, OfHeads vector, Addend how) {
        for (int apart = filled() / 2; apart >= heads() && copies() > 1; apart /= 2) {
            passes.add(of(vector).swapped(apart).plus(how, 0).y(at(vector), 0).to(at(vector)));
        }
    }

    /** Heads of keys or values, each as often as query heads share it. */
    private VectorPass forQueries(int row, int elements) {
        VectorPass all = coded() ? VectorPass.ofIntegers(row, elements) : VectorPass.of(row, elements);
        return all.repeated(heads() / kvHeads, rowsOfHead());
    }

    /** Products of queries and keys, added up within each head: its rows, where they can be, then neighbours, neighbours of pairs, and so on; so many scores. */
    private void score(List<VectorPass> passes, int q, int key, int scores, int to, After after) {
        int sums = sumsRows() ? shape.lanes() : headDim;
        VectorPass product = forQueries(key, scores * sums).timesVector(q).y(q, rowsOfQuery());
        passes.add((sumsRows() ? product.reduced(Reduction.RUNS, Integer.numberOfTrailingZeros(rowsOfHead())) : product)
                .to(sums == 1 ? to : products())
                .after(after));
        for (int left = sums / 2; left >= 1; left /= 2) {
            passes.add(VectorPass.of(products(), scores * left)
                    .plus(Addend.VECTOR, 0)
                    .reduced(Reduction.PAIRS, 0)
                    .to(left == 1 ? to : products()));
        }
    }
}
