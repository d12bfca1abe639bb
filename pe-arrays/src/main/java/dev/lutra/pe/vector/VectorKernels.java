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
import java.util.List;

/**
 * The operations of a LLaMA-style layer as passes. Arguments named after vectors are rows of the scratchpad, those that end in {@code Scalar} registers; {@code n} counts
 * elements. Vectors that are not said to may be the same must not overlap.
 */
public final class VectorKernels {

    private VectorKernels() {}

    /**
     * RMSNorm (arXiv 1910.07467): {@code x r gain} with {@code r = 1 / sqrt(x.x (1/n) + eps)}; out may be x.
     *
     * @param scalar register that r goes to
     * @param lengthScalar register that holds 1/n
     * @param epsScalar register that holds eps
     */
    public static List<VectorPass> rmsNorm(
            int x, int gain, int out, int n, int scalar, int lengthScalar, int epsScalar) {
        return List.of(
                VectorPass.of(x, n).times(Factor.ITSELF, 0).reduced(Reduction.SUM, scalar),
                VectorPass.ofScalar(scalar)
                        .times(Factor.SCALAR, lengthScalar)
                        .plus(Addend.SCALAR, epsScalar)
                        .function(Function.RECIPROCAL_ROOT)
                        .reduced(Reduction.FIRST, scalar),
                VectorPass.of(x, n).times(Factor.SCALAR, scalar).to(out),
                VectorPass.of(out, n).timesVector(gain).to(out).after(After.ROWS));
    }

    /**
     * Rotary embedding (arXiv 2104.09864): with b the partner of a, {@code a cos + b sin}, where the table of sines has the signs: -s for the first of a pair, s for the
     * second one. Out may be x.
     *
     * @param distance between the elements of a pair: 1 if adjacent, half a head if half-split
     * @param cos cosines of the elements of a head, or of as many heads as a row has
     * @param sin sines with signs, of the same elements
     * @param period rows of either table
     * @param turned for n elements
     */
    public static List<VectorPass> rotary(
            int x, int cos, int sin, int period, int distance, int turned, int out, int n) {
        return List.of(
                VectorPass.of(x, n)
                        .swapped(distance)
                        .timesVector(sin)
                        .y(sin, period)
                        .to(turned),
                VectorPass.of(x, n).timesVector(cos).y(cos, period).to(out).after(After.NOTHING),
                VectorPass.of(out, n).plusVector(turned).to(out).after(After.ROWS));
    }

    /**
     * A part of an online softmax (arXiv 1805.02867): weights {@code e^(x scale - m)} in place, with the greatest x so far in m, and their sum so far in l. What was made
     * with earlier parts has to be multiplied by {@code e^(m before - m)}. Before the first part m is -infinity and l is 0; after the last one weights are divided by l.
     *
     * @param scaleScalar register that holds the scale
     * @param state five registers: m, l, the factor for earlier parts, and two for this
     */
    public static List<VectorPass> softmaxPart(int x, int n, int scaleScalar, int state) {
        int l = state + 1;
        int factor = state + 2;
        int minus = state + 3;
        int sum = state + 4;
        return List.of(
                VectorPass.ofScalar(state).reduced(Reduction.FIRST, factor),
                VectorPass.of(x, n)
                        .times(Factor.SCALAR, scaleScalar)
                        .to(x)
                        .reduced(Reduction.MAXIMUM, state)
                        .kept()
                        .after(After.NOTHING),
                VectorPass.ofScalar(state).signed(Sign.NEGATED).reduced(Reduction.FIRST, minus),
                VectorPass.of(x, n)
                        .plus(Addend.SCALAR, minus)
                        .function(Function.EXPONENTIAL)
                        .to(x),
                VectorPass.ofScalar(factor)
                        .plus(Addend.SCALAR, minus)
                        .function(Function.EXPONENTIAL)
                        .reduced(Reduction.FIRST, factor)
                        .after(After.NOTHING),
                VectorPass.of(x, n).reduced(Reduction.SUM, sum),
                VectorPass.ofScalar(l)
                        .times(Factor.SCALAR, factor)
                        .plus(Addend.SCALAR, sum)
                        .reduced(Reduction.FIRST, l));
    }

    /** Multiplies a vector by the reciprocal of a register, which then holds it: the end of a softmax. */
    public static List<VectorPass> divide(int x, int n, int scalar) {
        return List.of(
                VectorPass.ofScalar(scalar).function(Function.RECIPROCAL).reduced(Reduction.FIRST, scalar),
                VectorPass.of(x, n).times(Factor.SCALAR, scalar).to(x));
    }

    /**
     * {@code gate / (1 + e^-gate) up}; out may be up.
     *
     * @param oneScalar register that holds 1
     * @param sigmoid for n elements, may be out if that is not up
     */
    public static List<VectorPass> siluGate(int gate, int up, int sigmoid, int out, int n, int oneScalar) {
        return List.of(
                VectorPass.of(gate, n)
                        .signed(Sign.NEGATED)
                        .function(Function.EXPONENTIAL)
                        .to(sigmoid),
                VectorPass.of(sigmoid, n)
                        .plus(Addend.SCALAR, oneScalar)
                        .function(Function.RECIPROCAL)
                        .to(sigmoid)
                        .after(After.ROWS),
                VectorPass.of(sigmoid, n).timesVector(gate).to(sigmoid).after(After.ROWS),
                VectorPass.of(sigmoid, n).timesVector(up).to(out).after(After.ROWS));
    }

    /** {@code max(gate, 0)^2 up}; out may be gate. */
    public static List<VectorPass> squaredReluGate(int gate, int up, int out, int n) {
        return List.of(
                VectorPass.of(gate, n)
                        .signed(Sign.POSITIVE)
                        .times(Factor.ITSELF, 0)
                        .to(out),
                VectorPass.of(out, n).timesVector(up).to(out).after(After.ROWS));
    }

    /** {@code x + y}; out may be either. */
    public static List<VectorPass> add(int x, int y, int out, int n) {
        return List.of(VectorPass.of(x, n).plusVector(y).to(out));
    }

    /**
     * Sums of the matrix engine to numbers: {@code float(sum) * (actScale * rowScale)}, docs/ARCHITECTURE.md section 3; out may be sums, not scales.
     *
     * @param scales of n rows
     * @param scaled for n elements, may be scales
     * @param actScalar register that holds the scale of the activations
     */
    public static List<VectorPass> scaleSums(int sums, int scales, int scaled, int out, int n, int actScalar) {
        return List.of(
                VectorPass.of(scales, n).times(Factor.SCALAR, actScalar).to(scaled),
                VectorPass.ofIntegers(sums, n).timesVector(scaled).to(out).after(After.ROWS));
    }

    /**
     * Integers of -127..127 as a vector has them in {@code m = max(max|x|, 1e-5)}: {@code rne(x / (m (1/127)))} with a reciprocal and a product; out may be x.
     *
     * @param act register that the scale {@code m (1/127)} goes to; the one after it has its reciprocal
     * @param partScalar register that holds binary32's 1/127
     */
    public static List<VectorPass> quantise(int x, int out, int n, int act, int partScalar) {
        return List.of(
                VectorPass.load(act, 1e-5f),
                VectorPass.of(x, n)
                        .signed(Sign.MAGNITUDE)
                        .reduced(Reduction.MAXIMUM, act)
                        .kept(),
                VectorPass.ofScalar(act)
                        .times(Factor.SCALAR, partScalar)
                        .function(Function.RECIPROCAL)
                        .reduced(Reduction.FIRST, act + 1),
                VectorPass.ofScalar(act)
                        .times(Factor.SCALAR, partScalar)
                        .reduced(Reduction.FIRST, act)
                        .after(After.NOTHING),
                VectorPass.of(x, n).times(Factor.SCALAR, act + 1).write(Result.INT8, out));
    }

    /**
     * The greatest element and its number, of a vector that comes in parts.
     *
     * @param best register of the element; the one after it has the number
     * @param first whether this is the first part
     */
    public static List<VectorPass> argMax(int x, int n, int best, boolean first) {
        var pass = VectorPass.of(x, n).reduced(Reduction.ARGUMENT, best);
        return List.of(first ? pass : pass.kept());
    }
}
