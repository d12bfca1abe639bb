// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;
import org.jspecify.annotations.Nullable;

/**
 * The hardware of a matrix engine, as the accelerator drives it: M rows of INT8 activations times N columns of weights that come in
 * passes, most significant planes first. It computes {@code sum a w}, in the cycles that {@link LutCoreCycles} counts; how, is its own.
 *
 * <p><b>Slots.</b> Every cycle with {@code control.valid} is an issue slot: an activation line, a weight word and the flags of
 * {@link LutControl}, all of the same cycle. Nothing inside ever waits; a cycle without {@code valid} is a bubble and may stand anywhere.
 *
 * <pre>
 *   activations   element k of table t of row m     bits 8 ((m T + t) G + k) + 7 .. 8 ((m T + t) G + k)    INT8, -127..127, or 16 bits of INT16
 *   weights       column n                          the n-th of N equal parts, as the engine's {@link dev.lutra.machine.WeightPacking}
 *                 has it; the LUT core's: code of table t of column n at bits G (n T + t) + G - 1 .. G (n T + t), offline-mapped:
 *                 {sign = w[G-1], index = w[G-1] ? ~w[G-2:0] : w[G-2:0]}, w[k] = the plane's bit of element k
 *   scale.values  scale of column n                 bits 8 n + 7 .. 8 n                                    unsigned
 * </pre>
 *
 * <p>Where a bit of a plane stands for +1 or -1 ({@link WeightCode}), of a group with S the sum of its activations the result takes
 * {@code sum_planes 2^p (sum_k +-a) - z' S}, halved if {@code z'} is not 0. {@code z'} is 0 for codes that stand for weights themselves.
 *
 * <p><b>Tables that stay.</b> Slots come in the order step, block, pass. {@link #stay} gives the activations of each step before its slots: not before
 * the first slot of the step loaded before, and {@link dev.lutra.machine.Tables#writeCycles} cycles before the step's own first slot at the latest;
 * in the cycle of a slot, activations are of no account otherwise. {@code planeFirst} and {@code planeLast} are those of a block's slots in a
 * step, {@code groupFirst} that of all slots of the first step, {@code groupLast} that of a block's last slot.
 *
 * <p><b>Results.</b> {@link MatrixEngine#latency} cycles after the slot with {@code groupLast} and {@code blockLast}, {@link #resultValid}
 * is true for one cycle, and {@link #result} (row m, column n at index m N + n) holds {@code sum a w}, or {@code sum u sum a w}, until the
 * next results take their place.
 *
 * <p><b>What the issuer keeps.</b>
 *
 * <ul>
 *   <li>At least {@link LutCoreCycles#SCALE} cycles between the {@code groupLast} slots of two neighbouring groups of which at least one is
 *       scaled. (So a group of fewer slots gets its bubbles before its last slot.)
 *   <li>Results are taken before the next ones are captured.
 *   <li>{@code |sum a q' - z' sum a| < 2^(innerBits-1)} in every group ({@code |sum a w|} where z' is 0), and results fit {@code outerBits}; otherwise they wrap.
 * </ul>
 */
public abstract class MatrixCore extends Module {

    /** Flags of the slot. */
    public final LutControl control;

    /** Activation line of the slot. */
    public final Bits activations;

    /** Weight word of the slot. */
    public final Bits weights;

    /** Scales of the group that the slot ends; null if the core has none. */
    public final @Nullable LutScale scale;

    /** Loads and steps; null if tables do not stay. */
    public final @Nullable StayControl stay;

    /** Which weights the slot has; null if the core has no chains. */
    public final @Nullable KeptWeights kept;

    /** New results, for one cycle. */
    public final Bool resultValid;

    /** Results, row by row. */
    public final Vec<SInt> result;

    /**
     * Declares the ports.
     *
     * @param params what makes two cores the same hardware
     * @param shape of the ports
     */
    protected MatrixCore(Record params, MatrixShape shape) {
        super(params);
        control = in(new LutControl());
        activations = in(bits(shape.activationBits()));
        weights = in(bits(shape.weightBits()));
        kept = shape.chains() != null ? in(new KeptWeights(shape.scaleBits())) : null;
        scale = shape.scaled() ? in(new LutScale(shape.scaleBits())) : null;
        stay = shape.tables().stay() ? in(new StayControl(shape.tables().blocks())) : null;
        resultValid = out(bool());
        result = out(vec(shape.m() * shape.n(), i -> sint(shape.outerBits())));
    }
}
