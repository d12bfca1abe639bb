// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * A command of the vector unit: one pass over {@code length} elements. Vectors begin at a row. For every element
 *
 * <pre>v = function(x * factor + addend)</pre>
 *
 * <p>which is written as {@code result} says; {@code reduction} makes one scalar of all. docs/engines/vector.md defines every field.
 *
 * @param source what x is
 * @param sign what is done to the sign of x
 * @param x row where x begins, or a scalar register
 * @param constant binary32 bits of x if it is a constant
 * @param swap distance of the elements that change places in x, 0 for none: a power of two below the number of lanes, or a multiple of it
 * @param repeat how often each block of x is read before the next one, a power of two up to 128
 * @param block rows of such a block, a power of two up to 128
 * @param y row where y begins
 * @param period rows after which y begins again, 0 for never
 * @param spread elements of x for which an element of y stays, a power of two up to 32768
 * @param factor what x is multiplied by
 * @param factorScalar register of {@link Factor#SCALAR}
 * @param addend what is added
 * @param addendScalar register of {@link Addend#SCALAR}
 * @param function of the sum
 * @param result what is written
 * @param out row where the result begins
 * @param reduction what goes to a scalar register
 * @param keep the reduction goes on from what the register holds
 * @param target register of the reduction; {@link Reduction#ARGUMENT} has the one after it, too; log2 of the number of {@link Reduction#PARTS}, or of
 *     rows of {@link Reduction#RUNS}
 * @param length elements of v, 1..65535
 * @param after what the pass waits for
 */
public record VectorPass(
        Source source,
        Sign sign,
        int x,
        int constant,
        int swap,
        int repeat,
        int block,
        int y,
        int period,
        int spread,
        Factor factor,
        int factorScalar,
        Addend addend,
        int addendScalar,
        Function function,
        Result result,
        int out,
        Reduction reduction,
        boolean keep,
        int target,
        int length,
        After after) {

    /** Where x comes from. */
    public enum Source {
        /** The scratchpad. */
        VECTOR,
        /** The scratchpad, 32-bit integers which are converted. */
        INTEGERS,
        /** A scalar register, the same for all elements. */
        SCALAR,
        /** A constant, the same for all elements. */
        CONSTANT
    }

    /** What is done to the sign of x. */
    public enum Sign {
        SAME,
        NEGATED,
        /** Cleared. */
        MAGNITUDE,
        /** x is +0 if its sign is set. */
        POSITIVE
    }

    /** What x is multiplied by. */
    public enum Factor {
        ONE,
        /** x: a square. */
        ITSELF,
        /** y. */
        VECTOR,
        SCALAR
    }

    /** What is added to the product. */
    public enum Addend {
        /** -0, which changes nothing. */
        NOTHING,
        /** y. */
        VECTOR,
        SCALAR,
        /** y, of which and the product the lesser one is taken in place of their sum, in the order of IEEE 754's totalOrder. */
        MINIMUM
    }

    /** What is computed of the sum. */
    public enum Function {
        NONE,
        EXPONENTIAL,
        RECIPROCAL,
        RECIPROCAL_ROOT
    }

    /** What is written to the scratchpad. */
    public enum Result {
        NONE,
        FLOAT,
        /** The nearest integer, ties to even, in -127..127, sign-extended to 32 bits; 0 for NaN. */
        INT8,
        /**
         * The same integers as bytes of the matrix engine's activation buffer, where {@code out} counts beats of the bus, those of half 0 first. What is left of
         * the last beat becomes 0.
         */
        ACTIVATIONS
    }

    /** What is made of several elements: a number in a scalar register, or a shorter vector. */
    public enum Reduction {
        NONE,
        /** v of element 0. */
        FIRST,
        /** The function of the sum of all products. */
        SUM,
        /** The greatest v; NaN if there is one; -0 is less than +0. */
        MAXIMUM,
        /** The greatest v, and in the next register the number of the first element that has it. */
        ARGUMENT,
        /** Element i of x is element 2i of the vector at x, and element i of y its element 2i + 1. */
        PAIRS,
        /** Products of parts of x that follow on each other are added up: the sum of a part is the addend of the next one. */
        PARTS,
        /** Each row of v is the sum of the products of so many rows that follow on each other. */
        RUNS
    }

    /** The largest block, and the largest {@link #repeat}. */
    private static final int LARGEST_REPEAT = 128;

    private static final int LARGEST_SPREAD = 1 << 15;
    private static final int MOST_PARTS_LOG = 14;
    private static final int MOST_RUN_LOG = 7;
    private static final int MOST_ELEMENTS = 65_535;

    /** What a pass waits for before its first row. */
    public enum After {
        /** Nothing: it needs no result that is under way. */
        NOTHING,
        /** The first row of the pass before: it needs its results row by row, none ahead of its own row. */
        ROWS,
        /** All before it. */
        ALL
    }

    public VectorPass {
        check(length >= 1 && length <= MOST_ELEMENTS, "a vector of " + length + " elements: 1..65535");
        boolean integers = source == Source.INTEGERS;
        check(!integers || sign == Sign.SAME, "integers keep their signs, not " + sign);
        check(source == Source.VECTOR || integers || swap == 0, "elements of a " + source + " do not change places");
        boolean sum = reduction == Reduction.SUM;
        check(!sum || addend == Addend.NOTHING, "a sum of products has no addend " + addend);
        check(!sum || result == Result.NONE, "a pass that sums writes no " + result);
        check(reduction != Reduction.ARGUMENT || target + 1 < VectorShape.SCALARS, "no register after " + target);
        boolean goesOn = sum || reduction == Reduction.MAXIMUM || reduction == Reduction.ARGUMENT;
        check(!keep || goesOn, reduction + " does not go on from a register");
        boolean rowSums = reduction == Reduction.PARTS || reduction == Reduction.RUNS;
        boolean vector = reduction == Reduction.PAIRS || rowSums;
        check(
                addend != Addend.MINIMUM || vector || reduction == Reduction.NONE,
                "the lesser elements go to no register by " + reduction);
        check(isPower(spread, LARGEST_SPREAD), "an element of y for " + spread + ": a power of two, 1..32768");
        check(spread == 1 || factor == Factor.VECTOR && period == 0, "what is spread is a factor, and has no period");
        check(
                isPower(repeat, LARGEST_REPEAT) && isPower(block, LARGEST_REPEAT),
                "blocks of " + block + " rows, each " + repeat + " times: powers of two, 1..128");
        check(
                repeat == 1
                        ? block == 1
                        : (source == Source.VECTOR || integers) && swap == 0 && addend != Addend.SCALAR,
                "no blocks of x are repeated where elements change places or a register is added");
        if (vector) {
            check(swap == 0, "no elements change places in " + reduction);
            check(period == 0 || reduction == Reduction.RUNS, "y has no period in " + reduction);
        }
        if (reduction == Reduction.PAIRS) {
            check(
                    source == Source.VECTOR && repeat == 1 && spread == 1 && readsY(factor, addend),
                    "neighbours are those of one plain vector, and are multiplied, added or compared");
        } else if (rowSums) {
            check(
                    target >= 1 && target <= MOST_PARTS_LOG && length <= MOST_ELEMENTS >> target,
                    "2^" + target + " parts of " + length + " elements: two parts or more, 65535 elements at most");
            check(result != Result.ACTIVATIONS, "sums of parts are no activations");
        }
        if (reduction == Reduction.RUNS) {
            check(!readsY(Factor.ONE, addend) && spread == 1, "y is a factor as it is in RUNS");
            check(target <= MOST_RUN_LOG, "runs of 2^" + target + " rows: 2^" + MOST_RUN_LOG + " at most");
            int turn = VectorRow.TURN << target;
            check(period % turn == 0, "a period of " + period + " rows in RUNS: a multiple of " + turn);
        }
        for (int scalar : new int[] {target, factorScalar, addendScalar, source == Source.SCALAR ? x : 0}) {
            check(scalar >= 0 && scalar < VectorShape.SCALARS, "scalar register " + scalar + ": 0..15");
        }
        check(x >= 0 && y >= 0 && out >= 0 && swap >= 0 && period >= 0, "a negative row");
    }

    private static boolean isPower(int value, int most) {
        return value >= 1 && value <= most && Integer.bitCount(value) == 1;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) throw new IllegalArgumentException(otherwise);
    }

    private static VectorPass of(Source source, int x, int constant, int length) {
        return new VectorPass(
                source,
                Sign.SAME,
                x,
                constant,
                0,
                1,
                1,
                0,
                0,
                1,
                Factor.ONE,
                0,
                Addend.NOTHING,
                0,
                Function.NONE,
                Result.NONE,
                0,
                Reduction.NONE,
                false,
                0,
                length,
                After.ALL);
    }

    /** A pass over a vector; what the methods below do not change: x as it is, no function, no result, after all before. */
    public static VectorPass of(int x, int length) {
        return of(Source.VECTOR, x, 0, length);
    }

    /** A pass over integers. */
    public static VectorPass ofIntegers(int x, int length) {
        return of(Source.INTEGERS, x, 0, length);
    }

    /** A pass over one scalar register. */
    public static VectorPass ofScalar(int x) {
        return of(Source.SCALAR, x, 0, 1);
    }

    /** Puts a constant into a scalar register. */
    public static VectorPass load(int target, float constant) {
        return of(Source.CONSTANT, 0, Float.floatToIntBits(constant), 1).reduced(Reduction.FIRST, target);
    }

    /** The fields of a pass while some of them change. */
    private static final class Fields {
        private Source source;
        private Sign sign;
        private int x;
        private int constant;
        private int swap;
        private int repeat;
        private int block;
        private int y;
        private int period;
        private int spread;
        private Factor factor;
        private int factorScalar;
        private Addend addend;
        private int addendScalar;
        private Function function;
        private Result result;
        private int out;
        private Reduction reduction;
        private boolean keep;
        private int target;
        private int length;
        private After after;

        Fields(VectorPass of) {
            source = of.source;
            sign = of.sign;
            x = of.x;
            constant = of.constant;
            swap = of.swap;
            repeat = of.repeat;
            block = of.block;
            y = of.y;
            period = of.period;
            spread = of.spread;
            factor = of.factor;
            factorScalar = of.factorScalar;
            addend = of.addend;
            addendScalar = of.addendScalar;
            function = of.function;
            result = of.result;
            out = of.out;
            reduction = of.reduction;
            keep = of.keep;
            target = of.target;
            length = of.length;
            after = of.after;
        }

        VectorPass pass() {
            return new VectorPass(
                    source,
                    sign,
                    x,
                    constant,
                    swap,
                    repeat,
                    block,
                    y,
                    period,
                    spread,
                    factor,
                    factorScalar,
                    addend,
                    addendScalar,
                    function,
                    result,
                    out,
                    reduction,
                    keep,
                    target,
                    length,
                    after);
        }
    }

    private VectorPass with(Consumer<Fields> change) {
        var fields = new Fields(this);
        change.accept(fields);
        return fields.pass();
    }

    /** What is done to the sign of x. */
    public VectorPass signed(Sign to) {
        return with(f -> f.sign = to);
    }

    /** Elements this far apart change places. */
    public VectorPass swapped(int distance) {
        return with(f -> f.swap = distance);
    }

    /** Each block of x, of so many rows, is read so often before the next one. */
    public VectorPass repeated(int times, int rows) {
        return with(f -> {
            f.repeat = times;
            f.block = times == 1 ? 1 : rows;
        });
    }

    /** What x is multiplied by; the register counts for {@link Factor#SCALAR}. */
    public VectorPass times(Factor by, int scalar) {
        return with(f -> {
            f.factor = by;
            f.factorScalar = scalar;
        });
    }

    /** What is added to the product; the register counts for {@link Addend#SCALAR}. */
    public VectorPass plus(Addend what, int scalar) {
        return with(f -> {
            f.addend = what;
            f.addendScalar = scalar;
        });
    }

    /** Where y begins, and the rows after which it does so again. */
    public VectorPass y(int row, int rows) {
        return with(f -> {
            f.y = row;
            f.period = rows;
        });
    }

    /** x times a vector. */
    public VectorPass timesVector(int row) {
        return times(Factor.VECTOR, 0).y(row, 0);
    }

    /** x times a vector, each element of which counts for so many of x. */
    public VectorPass timesSpread(int row, int elements) {
        return with(f -> {
            f.factor = Factor.VECTOR;
            f.factorScalar = 0;
            f.y = row;
            f.spread = elements;
        });
    }

    /** The lesser one of x, or what it was multiplied by, and a vector. */
    public VectorPass orLess(int row) {
        return plus(Addend.MINIMUM, 0).y(row, 0);
    }

    /** Plus a vector. */
    public VectorPass plusVector(int row) {
        return plus(Addend.VECTOR, 0).y(row, 0);
    }

    /** What is computed of the sum. */
    public VectorPass function(Function of) {
        return with(f -> f.function = of);
    }

    /** What is written, and the row where it begins. */
    public VectorPass write(Result as, int row) {
        return with(f -> {
            f.result = as;
            f.out = row;
        });
    }

    /** Writes numbers. */
    public VectorPass to(int row) {
        return write(Result.FLOAT, row);
    }

    /** What goes to a scalar register. */
    public VectorPass reduced(Reduction to, int scalar) {
        return with(f -> {
            f.reduction = to;
            f.target = scalar;
        });
    }

    /** The reduction goes on from its register. */
    public VectorPass kept() {
        return with(f -> f.keep = true);
    }

    /** What the pass waits for. */
    public VectorPass after(After what) {
        return with(f -> f.after = what);
    }

    /** Whether x is a vector of the scratchpad. */
    public boolean readsX() {
        return source == Source.VECTOR || source == Source.INTEGERS;
    }

    /** Whether rows of the scratchpad are written. */
    public boolean writesRows() {
        return result == Result.FLOAT || result == Result.INT8;
    }

    /** Whether y is read. */
    public boolean readsY() {
        return readsY(factor, addend);
    }

    private static boolean readsY(Factor factor, Addend addend) {
        return factor == Factor.VECTOR || addend == Addend.VECTOR || addend == Addend.MINIMUM;
    }

    /** Whether y is added, or compared. */
    public boolean addsY() {
        return addend == Addend.VECTOR || addend == Addend.MINIMUM;
    }

    /** Products of which each sum is made, from as many rows. */
    public int parts() {
        return reduction == Reduction.PARTS || reduction == Reduction.RUNS ? 1 << target : 1;
    }

    /** The same pass over another number of elements. */
    public VectorPass over(int elements) {
        return with(f -> f.length = elements);
    }

    /** Whether a row reads what an earlier one of the same pass writes. */
    public boolean readsItsResult(VectorShape shape) {
        if (!writesRows()) return false;
        List<VectorRow> rows = VectorRow.of(shape, this);
        var written = new BitSet();
        for (VectorRow row : rows) {
            if (row.x() >= 0 && written.get(row.x()) || row.y() >= 0 && written.get(row.y())) return true;
            if (row.out() >= 0) written.set(row.out());
        }
        return false;
    }
}
