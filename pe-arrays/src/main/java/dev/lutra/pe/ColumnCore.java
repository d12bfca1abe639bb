// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import org.jspecify.annotations.Nullable;

/** A core of columns of sums: what its columns are told of a slot, namely when a group's sum moves on to its block, when it is scaled, and when results are complete. */
abstract class ColumnCore extends MatrixCore {

    /**
     * What columns are told.
     *
     * @param columns for every column
     * @param scales of the columns for the group that ends; null without group scales
     */
    record Flags(LutColumn.Control columns, @Nullable Vec<UInt> scales) {}

    /** The flags of the slot whose products columns add up in this cycle, as in {@link LutControl}; {@code halve} if z' is not 0. */
    record Slot(
            Bool valid,
            Bool planeFirst,
            Bool groupFirst,
            Bool groupLast,
            Bool blockFirst,
            Bool blockLast,
            Bool halve) {}

    ColumnCore(Record params, MatrixShape shape) {
        super(params, shape);
    }

    /** Makes the registers between a slot and the columns, and marks results as valid. */
    final Flags follow(Slot slot) {
        var groupDone = reg(bool()).init(false);
        var blockFirst = reg(bool());
        var blockLast = reg(bool());
        var halve = reg(bool());
        groupDone.set(slot.valid.and(slot.groupLast));
        blockFirst.set(slot.blockFirst);
        blockLast.set(slot.blockLast);
        halve.set(slot.halve);
        var blockStart = reg(bool()).init(false);
        var blockDone = reg(bool()).init(false);
        blockStart.set(groupDone.and(blockFirst));
        blockDone.set(groupDone.and(blockLast));

        var columns = wire(new LutColumn.Control());
        columns.accumulate.set(slot.valid);
        columns.restart.set(slot.groupFirst);
        columns.twice.set(slot.planeFirst);
        columns.load.set(groupDone);
        columns.blockStart.set(blockStart);
        Vec<UInt> scales = null;
        if (scale == null) {
            var capture = reg(bool()).init(false);
            var halveAdded = reg(bool());
            var halveCaptured = reg(bool());
            capture.set(blockDone);
            halveAdded.set(halve);
            halveCaptured.set(halveAdded);
            columns.capture.set(capture);
            columns.halve.set(halveCaptured);
        } else {
            scales = reg(vec(scale.values.width() / 8, i -> uint(8)));
            var scaledGroup = reg(bool());
            hold(scale, scales, scaledGroup);
            // Bit i: results are complete in i cycles.
            var capture = reg(uint(LutCoreCycles.SCALE)).init(0);
            var last = 1 << LutCoreCycles.SCALE - 1;
            var done = mux(scaledGroup, lit(last, LutCoreCycles.SCALE), lit(1, LutCoreCycles.SCALE));
            capture.set(capture.shr(1).or(mux(blockDone, done, 0)));
            columns.capture.set(capture.bit(0));
            columns.halve.set(halve);
        }
        var captured = reg(bool()).init(false);
        captured.set(columns.capture);
        resultValid.set(captured);
        return new Flags(columns, scales);
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
}
