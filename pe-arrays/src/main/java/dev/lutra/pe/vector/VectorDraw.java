// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorPass.Addend;
import dev.lutra.machine.VectorPass.After;
import dev.lutra.machine.VectorPass.Factor;
import dev.lutra.machine.VectorPass.Function;
import dev.lutra.machine.VectorPass.Reduction;
import dev.lutra.machine.VectorPass.Sign;
import dev.lutra.machine.VectorShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws an element of a vector of logits by the softmax of a temperature, of all elements, of the k greatest ones (top-k, arXiv 1805.04833) or of the nucleus (top-p, arXiv
 * 1904.09751), with a number in [0, 1): the inverse of the distribution function, found by halving. docs/engines/vector.md defines every operation.
 *
 * <p>Probabilities become integers, multiples of 2^-22 of about 2^22 in all, so that every sum of them is exact in binary32 in any order, and no rounding leads to an element
 * that has none.
 *
 * <p>Registers: the greatest logit is in {@code best}, the element's number comes to the one after it as the bits of an integer. All others but these two are overwritten.
 */
public final class VectorDraw {

    /** Which elements can be drawn, and what their limit is. */
    public enum Kept {
        /** As many as the limit says, the greatest ones. */
        BEST,
        /** The greatest ones, until they have the limit's part of all probability. */
        NUCLEUS
    }

    /** Halvings of the search for the smallest weight that is kept: all bits of a weight. */
    public static final int ROUNDS = 23;

    /** Words that the host gives: the second, third and fourth one are the number in [0, 1), 1 / temperature and the limit. */
    private static final int UNIFORM_WORD = 1;

    private static final int INVERSE_WORD = 2;

    private static final int INVERSE = 0;
    private static final int UNIFORM = 1;
    private static final int SHIFT = 2;
    private static final int SCALE = 3;
    private static final int MAGIC = 4;
    private static final int MINUS = 5;
    private static final int FAR = 6;
    private static final int ONE = 7;
    private static final int LIMIT = 0;
    private static final int LEAST = 2;
    private static final int STEP = 3;
    private static final int HALF = 4;
    private static final int TRIED = 5;
    private static final int TWO = 0;
    private static final int REST = 2;
    private static final int NUMBER = 3;
    private static final int UNIT = 4;
    private static final int SUM = 12;
    private static final int OVER = 13;
    private static final int UPPER = 14;
    private static final int LOWER = 15;

    private final VectorShape shape;
    private final int n;
    private final int best;
    private final int logits;
    private final int words;
    private final int weights;
    private final int mask;

    /**
     * @param n logits, at least 2
     * @param best register of the greatest logit, 8 to 10
     * @param logits row of the vector
     * @param words row of what the host gives
     * @param weights row of a vector that is overwritten
     * @param mask row of another one, which is overwritten where not all elements are kept
     */
    public VectorDraw(VectorShape shape, int n, int best, int logits, int words, int weights, int mask) {
        if (n < 2 || best <= ONE || best + 1 >= SUM) {
            throw new IllegalArgumentException(n + " logits, the greatest one in register " + best);
        }
        this.shape = shape;
        this.n = n;
        this.best = best;
        this.logits = logits;
        this.words = words;
        this.weights = weights;
        this.mask = mask;
    }

    /** Integers in proportion to the probabilities of all elements. */
    public List<VectorPass> weigh() {
        return List.of(
                constant(MAGIC, 0x1p23f),
                constant(MINUS, -0x1p23f),
                constant(FAR, -VectorAttention.FAR),
                constant(ONE, 1),
                constant(SCALE, 0x1p-22f),
                VectorPass.of(words, 1).swapped(UNIFORM_WORD).reduced(Reduction.FIRST, UNIFORM),
                VectorPass.of(words, 1).swapped(INVERSE_WORD).reduced(Reduction.FIRST, INVERSE),
                VectorPass.ofScalar(best)
                        .signed(Sign.NEGATED)
                        .times(Factor.SCALAR, INVERSE)
                        .reduced(Reduction.FIRST, SHIFT),
                VectorPass.of(logits, n)
                        .times(Factor.SCALAR, INVERSE)
                        .plus(Addend.SCALAR, SHIFT)
                        .function(Function.EXPONENTIAL)
                        .to(weights),
                VectorPass.of(weights, n)
                        .times(Factor.SCALAR, SCALE)
                        .function(Function.RECIPROCAL)
                        .reduced(Reduction.SUM, SCALE),
                VectorPass.of(weights, n)
                        .times(Factor.SCALAR, SCALE)
                        .plus(Addend.SCALAR, MAGIC)
                        .to(weights),
                VectorPass.of(weights, n).plus(Addend.SCALAR, MINUS).to(weights).after(After.ROWS));
    }

    /** Before the rounds of the search for the smallest weight that is kept. */
    public List<VectorPass> beforeSearch(Kept kept) {
        List<VectorPass> passes = new ArrayList<>(List.of(
                VectorPass.of(words, 4).swapped(UNIFORM_WORD).to(mask),
                VectorPass.of(mask, 1).swapped(INVERSE_WORD).reduced(Reduction.FIRST, LIMIT),
                constant(LEAST, 0),
                constant(STEP, 1 << ROUNDS - 1),
                constant(HALF, 0.5f)));
        if (kept == Kept.NUCLEUS) {
            passes.add(VectorPass.of(weights, n).reduced(Reduction.SUM, SUM));
            passes.add(VectorPass.ofScalar(SUM).times(Factor.SCALAR, LIMIT).reduced(Reduction.FIRST, LIMIT));
        }
        return passes;
    }

    /** A round: the smallest weight becomes greater by a step if so many elements still reach it, or so much of their sum, as the limit says. Steps are halved. */
    public List<VectorPass> round(Kept kept) {
        VectorPass reach = switch (kept) {
            case BEST -> VectorPass.of(mask, n);
            case NUCLEUS -> VectorPass.of(weights, n).timesVector(mask);
        };
        List<VectorPass> passes = new ArrayList<>();
        passes.add(VectorPass.ofScalar(LEAST).plus(Addend.SCALAR, STEP).reduced(Reduction.FIRST, TRIED));
        passes.addAll(reaching(TRIED));
        passes.add(reach.reduced(Reduction.SUM, SUM));
        passes.add(VectorPass.ofScalar(SUM)
                .signed(Sign.NEGATED)
                .plus(Addend.SCALAR, LIMIT)
                .reduced(Reduction.FIRST, OVER));
        passes.add(isNone(OVER, UPPER));
        passes.add(VectorPass.ofScalar(UPPER)
                .times(Factor.SCALAR, STEP)
                .plus(Addend.SCALAR, LEAST)
                .reduced(Reduction.FIRST, LEAST));
        passes.add(VectorPass.ofScalar(STEP)
                .times(Factor.SCALAR, HALF)
                .reduced(Reduction.FIRST, STEP)
                .after(After.NOTHING));
        return passes;
    }

    /** Smaller weights become 0. */
    public List<VectorPass> afterSearch() {
        List<VectorPass> passes = new ArrayList<>(reaching(LEAST));
        passes.add(VectorPass.of(weights, n).timesVector(mask).to(weights).after(After.ROWS));
        return passes;
    }

    /** 1 for weights that reach a register, else 0. */
    private List<VectorPass> reaching(int register) {
        return List.of(
                VectorPass.of(weights, n)
                        .signed(Sign.NEGATED)
                        .plus(Addend.SCALAR, register)
                        .to(mask),
                VectorPass.of(mask, n)
                        .signed(Sign.POSITIVE)
                        .times(Factor.SCALAR, FAR)
                        .function(Function.EXPONENTIAL)
                        .to(mask)
                        .after(After.ROWS));
    }

    /** 1 if a register is 0 or less, else 0: no difference here is so small that e^(-10^30 times it) is not 0. */
    private static VectorPass isNone(int register, int result) {
        return VectorPass.ofScalar(register)
                .signed(Sign.POSITIVE)
                .times(Factor.SCALAR, FAR)
                .function(Function.EXPONENTIAL)
                .reduced(Reduction.FIRST, result);
    }

    /** The element in whose part of the sum of all weights the number lies. The half that has it takes the place of both, until one element is left. */
    public List<VectorPass> pick() {
        List<VectorPass> passes = new ArrayList<>();
        passes.add(VectorPass.of(weights, n).reduced(Reduction.SUM, SUM));
        passes.add(constant(NUMBER, 0));
        passes.add(constant(TWO, 2));
        passes.add(constant(UNIT, Float.MIN_VALUE));
        passes.add(VectorPass.ofScalar(SUM).times(Factor.SCALAR, UNIFORM).reduced(Reduction.FIRST, REST));
        int left = n;
        for (int half = Integer.highestOneBit(n - 1); half >= 1; half /= 2) {
            passes.addAll(halve(half, left - half));
            left = half;
        }
        // an integer's bits are those of so many times the least number
        passes.add(VectorPass.ofScalar(NUMBER).times(Factor.SCALAR, UNIT).reduced(Reduction.FIRST, best + 1));
        return passes;
    }

    private List<VectorPass> halve(int half, int upper) {
        int lanes = shape.lanes();
        VectorPass above = half < lanes
                ? VectorPass.of(weights, upper).swapped(half)
                : VectorPass.of(weights + half / lanes, upper);
        return List.of(
                VectorPass.of(weights, half).reduced(Reduction.SUM, SUM),
                VectorPass.ofScalar(REST)
                        .signed(Sign.NEGATED)
                        .plus(Addend.SCALAR, SUM)
                        .reduced(Reduction.FIRST, OVER),
                isNone(OVER, UPPER),
                VectorPass.ofScalar(UPPER)
                        .signed(Sign.NEGATED)
                        .plus(Addend.SCALAR, ONE)
                        .reduced(Reduction.FIRST, LOWER),
                VectorPass.ofScalar(NUMBER)
                        .times(Factor.SCALAR, TWO)
                        .plus(Addend.SCALAR, UPPER)
                        .reduced(Reduction.FIRST, NUMBER)
                        .after(After.NOTHING),
                VectorPass.ofScalar(UPPER)
                        .signed(Sign.NEGATED)
                        .times(Factor.SCALAR, SUM)
                        .plus(Addend.SCALAR, REST)
                        .reduced(Reduction.FIRST, REST)
                        .after(After.NOTHING),
                VectorPass.of(weights, half).times(Factor.SCALAR, LOWER).to(weights),
                above.times(Factor.SCALAR, UPPER)
                        .plusVector(weights)
                        .to(weights)
                        .after(After.ROWS));
    }

    private static VectorPass constant(int register, float value) {
        return VectorPass.load(register, value).after(After.NOTHING);
    }
}
