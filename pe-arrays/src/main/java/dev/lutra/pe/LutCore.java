// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * LUT tensor core in integer mode (LUT Tensor Core, arXiv 2408.06003, ISCA 2025): M rows of INT8 activations times N columns of weights
 * that come as bit planes, T*G elements of the reduction and one plane per cycle. It computes what {@link LutCoreModel} does, in the
 * cycles that {@link LutCoreCycles} counts.
 *
 * <p><b>Slots.</b> Every cycle with {@code control.valid} is an issue slot: an activation line, a weight word and the flags of
 * {@link LutControl}, all of the same cycle. Nothing inside ever waits; a cycle without {@code valid} is a bubble and may stand anywhere.
 *
 * <pre>
 *   activations   element k of table t of row m     bits 8 ((m T + t) G + k) + 7 .. 8 ((m T + t) G + k)    INT8, -127..127
 *   weights       code of table t of column n       bits G (n T + t) + G - 1 .. G (n T + t)                offline-mapped:
 *                 {sign = w[G-1], index = w[G-1] ? ~w[G-2:0] : w[G-2:0]}, w[k] = the plane's bit of element k
 *   scale.values  scale of column n                 bits 8 n + 7 .. 8 n                                    unsigned
 * </pre>
 *
 * <p><b>Results.</b> {@link #latency} cycles after the slot with {@code groupLast} and {@code blockLast}, {@link #resultValid} is true for
 * one cycle, and {@link #result} (row m, column n at index m N + n) holds {@code sum a w}, or {@code sum u sum a w}, until the next results
 * take their place.
 *
 * <p><b>What the issuer must keep.</b>
 *
 * <ul>
 *   <li>At least {@link LutCoreCycles#SCALE} cycles between the {@code groupLast} slots of two neighbouring groups of which at least one is
 *       scaled. (So a group of fewer slots gets its bubbles before its last slot.)
 *   <li>Results are taken before the next ones are captured.
 *   <li>{@code |sum a q' - z' sum a| < 2^(innerBits-1)} in every group, and results fit {@code outerBits}; otherwise they wrap.
 * </ul>
 *
 * <p><b>Pipeline.</b> 0 slot, 1 partial sums of the tables, 2 tables, 3 sum of T lookups, 4 accumulator of the group, 5 group register, then 1
 * addition (8 if scaled), 1 capture.
 */
public final class LutCore extends Module {

    /**
     * Shape of the core.
     *
     * @param m rows of activations, at least 1
     * @param n output columns, at least 1
     * @param g activations per table, 2..6
     * @param t tables summed before one accumulator, at least 1
     * @param scaled whether groups can have scales
     * @param innerBits width of a group's {@code sum a q' - z' sum a}, signed
     * @param outerBits width of a result, signed, at least innerBits
     */
    public record Params(int m, int n, int g, int t, boolean scaled, int innerBits, int outerBits) {
        public Params {
            if (m < 1 || n < 1 || t < 1) {
                throw new IllegalArgumentException("a core of " + m + " rows, " + n + " columns, " + t + " tables");
            }
            if (g < 2 || g > 6) {
                throw new IllegalArgumentException("activations per table must be 2..6, not " + g);
            }
            int least = new TableLane.Params(g, n).operandBits() + 1 + 32 - Integer.numberOfLeadingZeros(t - 1);
            if (innerBits < least || innerBits > 64 || outerBits < innerBits || outerBits > 64) {
                throw new IllegalArgumentException("accumulators of " + innerBits + " and " + outerBits
                        + " bits: needed are " + least + " <= inner <= outer <= 64");
            }
        }

        /** Width of an activation line. */
        public int activationBits() {
            return m * t * g * 8;
        }

        /** Width of a weight word. */
        public int weightBits() {
            return n * t * g;
        }
    }

    /** Flags of the slot. */
    public final LutControl control;

    /** Activation line of the slot. */
    public final Bits activations;

    /** Weight word of the slot. */
    public final Bits weights;

    /** Scales of the group that the slot ends; null if the core has none. */
    public final @Nullable LutScale scale;

    /** New results, for one cycle. */
    public final Bool resultValid;

    /** Results, row by row. */
    public final Vec<SInt> result;

    /**
     * Cycles from the last slot of the last group of a block to its results: in cycle s + latency they are valid.
     *
     * @param scaled whether that group is scaled
     */
    public static int latency(boolean scaled) {
        return 6 + (scaled ? LutCoreCycles.SCALE : 1);
    }

    /** A core of the given shape. */
    public LutCore(Params p) {
        super(p);
        doc(
                "LUT tensor core: " + p.m() + " x " + p.n() + " results, " + p.t() * p.g()
                        + " INT8 activations per row and one weight plane",
                "of every column per cycle. Tables of " + p.g() + " activations are looked up by offline-mapped codes.",
                "No stalls: a cycle without control_valid is a bubble.",
                "Cycle 0 slot, 1 partial sums, 2 tables, 3 sums of lookups, 4 group accumulators,",
                p.scaled()
                        ? "5 group registers, then 8 cycles of scaling (1 if unscaled); results after 14 (7) cycles."
                        : "5 group registers, 6 sums; results after 7 cycles.");
        control = in(new LutControl());
        activations = in(bits(p.activationBits()));
        weights = in(bits(p.weightBits()));
        scale = p.scaled() ? in(new LutScale(p.n())) : null;
        resultValid = out(bool());
        result = out(vec(p.m() * p.n(), i -> sint(p.outerBits())));

        var control1 = delayed(control);
        var control2 = delayed(control1);
        var control3 = delayed(control2);
        var weights1 = reg(bits(p.weightBits()));
        var weights2 = reg(bits(p.weightBits()));
        weights1.set(weights);
        weights2.set(weights1);

        var groupDone4 = reg(bool()).init(false);
        var blockFirst4 = reg(bool());
        var blockLast4 = reg(bool());
        var halve4 = reg(bool());
        groupDone4.set(control3.valid.and(control3.groupLast));
        blockFirst4.set(control3.blockFirst);
        blockLast4.set(control3.blockLast);
        halve4.set(control3.zeroPoint.ne(0));
        var blockStart5 = reg(bool()).init(false);
        var blockDone5 = reg(bool()).init(false);
        blockStart5.set(groupDone4.and(blockFirst4));
        blockDone5.set(groupDone4.and(blockLast4));

        var columns = wire(new LutColumn.Control());
        columns.accumulate.set(control3.valid);
        columns.restart.set(control3.groupFirst);
        columns.twice.set(control3.planeFirst);
        columns.load.set(groupDone4);
        columns.blockStart.set(blockStart5);
        Vec<UInt> scales = null;
        if (scale == null) {
            var halve5 = reg(bool());
            var halve6 = reg(bool());
            var capture6 = reg(bool()).init(false);
            halve5.set(halve4);
            halve6.set(halve5);
            capture6.set(blockDone5);
            columns.halve.set(halve6);
            columns.capture.set(capture6);
        } else {
            scales = reg(vec(p.n(), i -> uint(8)));
            var scaledGroup = reg(bool());
            hold(scale, scales, scaledGroup);
            // Bit i set: results are complete in i cycles.
            var capture = reg(uint(LutCoreCycles.SCALE)).init(0);
            var inCycles = mux(
                    scaledGroup, lit(1 << LutCoreCycles.SCALE - 1, LutCoreCycles.SCALE), lit(1, LutCoreCycles.SCALE));
            capture.set(capture.shr(1).or(mux(blockDone5, inCycles, 0)));
            columns.halve.set(halve4);
            columns.capture.set(capture.bit(0));
        }
        var captured = reg(bool()).init(false);
        captured.set(columns.capture);
        resultValid.set(captured);

        for (int m = 0; m < p.m(); m++) {
            row(p, m, weights2, control3, columns, scales);
        }
    }

    /** Keeps a group's scales until its sum is there to be scaled; no other group with scales can end before. */
    private void hold(LutScale scale, Vec<UInt> scales, Bool scaledGroup) {
        when(control.valid.and(control.groupLast), () -> {
            scaledGroup.set(scale.valid);
            for (int n = 0; n < scales.size(); n++) {
                scales.get(n)
                        .set(mux(
                                scale.valid, scale.values.bits(8 * n + 7, 8 * n).asUInt(), 1));
            }
        });
    }

    private void row(
            Params p, int m, Bits weights, LutControl control, LutColumn.Control columns, @Nullable Vec<UInt> scales) {
        var lanes = new ArrayList<TableLane>();
        var laneParams = new TableLane.Params(p.g(), p.n());
        for (int t = 0; t < p.t(); t++) {
            var lane = new TableLane(laneParams);
            int line = (m * p.t() + t) * p.g() * 8;
            lane.activations.set(activations.bits(line + p.g() * 8 - 1, line));
            for (int n = 0; n < p.n(); n++) {
                int code = (n * p.t() + t) * p.g();
                lane.codes.get(n).set(weights.bits(code + p.g() - 1, code));
            }
            lanes.add(lane);
        }
        var correction = new RowCorrection(new RowCorrection.Params(p.t(), laneParams.operandBits(), p.innerBits()));
        correction.accumulate.set(control.valid);
        correction.restart.set(control.groupFirst);
        correction.twice.set(control.planeFirst);
        correction.planeLast.set(control.planeLast);
        correction.zeroPoint.set(control.zeroPoint);
        for (int t = 0; t < p.t(); t++) {
            correction.sums.get(t).set(lanes.get(t).sum);
        }
        var columnParams =
                new LutColumn.Params(p.t(), laneParams.operandBits(), p.scaled(), p.innerBits(), p.outerBits());
        for (int n = 0; n < p.n(); n++) {
            var column = new LutColumn(columnParams);
            column.control.set(columns);
            column.correction.set(correction.correction);
            for (int t = 0; t < p.t(); t++) {
                column.operands.get(t).set(lanes.get(t).operands.get(n));
            }
            if (column.scale != null && scales != null) {
                column.scale.set(scales.get(n));
            }
            result.get(m * p.n() + n).set(column.result);
        }
    }

    private LutControl delayed(LutControl from) {
        var stage = reg(new LutControl());
        stage.valid.init(false);
        stage.set(from);
        return stage;
    }
}
