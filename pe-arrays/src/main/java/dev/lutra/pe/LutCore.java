// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.machine.Tables;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * LUT tensor core in integer mode (LUT Tensor Core, arXiv 2408.06003, ISCA 2025): M rows of INT8 activations times N columns of weights
 * that come as bit planes, T*G elements of the reduction and one plane per cycle. {@link MatrixCore} has its interface.
 *
 * <p><b>Pipeline.</b> The slot is cycle 0. Registers: 1 partial sums of the tables, 2 tables, 3 lookups, (sums of T lookups, if T > 1,)
 * accumulators of the groups, group sums, results after 1 addition (8 if scaled), captured results.
 */
public final class LutCore extends ColumnCore {

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
     * @param laneBits bits of an activation, 8 or 16
     * @param unit columns that share one precompute, which divide n
     */
    public record Params(
            int m, int n, int g, int t, boolean scaled, int innerBits, int outerBits, int laneBits, int unit) {
        /** For INT8 activations, with one precompute for all columns. */
        public Params(int m, int n, int g, int t, boolean scaled, int innerBits, int outerBits) {
            this(m, n, g, t, scaled, innerBits, outerBits, Byte.SIZE, n);
        }

        public Params {
            if (m < 1 || n < 1 || t < 1) {
                throw new IllegalArgumentException("a core of " + m + " rows, " + n + " columns, " + t + " tables");
            }
            if (g < 2 || g > 6) {
                throw new IllegalArgumentException("activations per table must be 2..6, not " + g);
            }
            int least =
                    new TableLane.Params(g, n, laneBits).operandBits() + 1 + 32 - Integer.numberOfLeadingZeros(t - 1);
            if (innerBits < least || innerBits > 64 || outerBits < innerBits || outerBits > 64) {
                throw new IllegalArgumentException("accumulators of " + innerBits + " and " + outerBits
                        + " bits: needed are " + least + " <= inner <= outer <= 64");
            }
        }

        /** Width of an activation line. */
        public int activationBits() {
            return shape().activationBits();
        }

        /** Width of a weight word. */
        public int weightBits() {
            return shape().weightBits();
        }

        MatrixShape shape() {
            return new MatrixShape(
                    m, n, g, t, scaled, innerBits, outerBits, 1, 8, t * g, laneBits, 8 * n, Tables.REGISTERS, null);
        }
    }

    /**
     * Cycles from the last slot of a block to its results: issued in cycle c, they are valid in cycle c + latency.
     *
     * @param t tables summed before one accumulator
     * @param scaled whether the last group of the block is scaled
     */
    public static int latency(int t, boolean scaled) {
        return (t > 1 ? 7 : 6) + (scaled ? LutCoreCycles.SCALE : 1);
    }

    /** A core of the given shape. */
    public LutCore(Params p) {
        super(p, p.shape());
        doc(
                "LUT tensor core: %d x %d results, %d INT%d activations per row and one weight plane of every column per cycle. Tables of %d activations are looked up by offline-mapped codes."
                        .formatted(p.m(), p.n(), p.t() * p.g(), p.laneBits(), p.g()),
                "No stalls: a cycle without control_valid is a bubble. Results come %d cycles after the last slot of a block%s."
                        .formatted(
                                latency(p.t(), false),
                                p.scaled() ? ", %d if its last group is scaled".formatted(latency(p.t(), true)) : ""));
        // Numbers are pipeline stages, the slot being 0. Groups accumulate in stage 3, or 4 with adder trees.
        var control1 = reg(new LutControl());
        var control2 = reg(new LutControl());
        var control3 = reg(new LutControl());
        follow(control1, control);
        follow(control2, control1);
        follow(control3, control2);
        var accumulate = p.t() > 1 ? reg(new Accumulate()) : wire(new Accumulate());
        if (p.t() > 1) {
            accumulate.valid.init(false);
        }
        accumulate.valid.set(control3.valid);
        accumulate.planeFirst.set(control3.planeFirst);
        accumulate.groupFirst.set(control3.groupFirst);
        accumulate.groupLast.set(control3.groupLast);
        accumulate.blockFirst.set(control3.blockFirst);
        accumulate.blockLast.set(control3.blockLast);
        accumulate.halve.set(control3.zeroPoint.ne(0));
        var weights1 = reg(bits(p.weightBits()));
        var weights2 = reg(bits(p.weightBits()));
        weights1.set(weights);
        weights2.set(weights1);

        var flags = follow(new Slot(
                accumulate.valid,
                accumulate.planeFirst,
                accumulate.groupFirst,
                accumulate.groupLast,
                accumulate.blockFirst,
                accumulate.blockLast,
                accumulate.halve));
        for (int m = 0; m < p.m(); m++) {
            row(p, m, weights2, control3, flags.columns(), flags.scales());
        }
    }

    private void row(
            Params p, int m, Bits codes, LutControl lookup, LutColumn.Control columns, @Nullable Vec<UInt> scales) {
        var lanes = new ArrayList<TableLane>(); // of unit 0, then of the next one
        var laneParams = new TableLane.Params(p.g(), p.unit(), p.laneBits());
        for (int first = 0; first < p.n(); first += p.unit()) {
            for (int t = 0; t < p.t(); t++) {
                var lane = new TableLane(laneParams);
                int line = (m * p.t() + t) * p.g() * p.laneBits();
                lane.activations.set(activations.bits(line + p.g() * p.laneBits() - 1, line));
                for (int n = 0; n < p.unit(); n++) {
                    int code = ((first + n) * p.t() + t) * p.g();
                    lane.codes.get(n).set(codes.bits(code + p.g() - 1, code));
                }
                lanes.add(lane);
            }
        }
        var shared = new RowCorrection(new RowCorrection.Params(p.t(), laneParams.operandBits(), p.innerBits()));
        shared.accumulate.set(columns.accumulate);
        shared.restart.set(columns.restart);
        shared.twice.set(columns.twice);
        shared.planeLast.set(lookup.planeLast);
        shared.zeroPoint.set(lookup.zeroPoint);
        for (int t = 0; t < p.t(); t++) {
            shared.sums.get(t).set(lanes.get(t).sum);
        }
        var columnParams =
                new LutColumn.Params(p.t(), laneParams.operandBits(), p.scaled(), p.innerBits(), p.outerBits());
        for (int n = 0; n < p.n(); n++) {
            var column = new LutColumn(columnParams);
            column.control.set(columns);
            column.correction.set(shared.correction);
            for (int t = 0; t < p.t(); t++) {
                var lane = lanes.get(n / p.unit() * p.t() + t);
                column.operands.get(t).set(lane.operands.get(n % p.unit()));
            }
            if (column.scale != null && scales != null) {
                column.scale.set(scales.get(n));
            }
            result.get(m * p.n() + n).set(column.result);
        }
    }

    private static void follow(LutControl stage, LutControl before) {
        stage.valid.init(false);
        stage.set(before);
    }

    /** What a slot means to the accumulators. */
    private static final class Accumulate extends Bundle {
        final Bool valid = field(bool());
        final Bool planeFirst = field(bool());
        final Bool groupFirst = field(bool());
        final Bool groupLast = field(bool());
        final Bool blockFirst = field(bool());
        final Bool blockLast = field(bool());
        final Bool halve = field(bool());
    }
}
