// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.pe.LutCoreCycles;
import dev.lutra.pe.MatrixCore;
import dev.lutra.pe.MatrixShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Array of term-serial elements as a matrix engine: terms go down the columns, activations along the rows, and each cycle adds one term of
 * every weight of a step. Slots are stepwise ({@link dev.lutra.machine.WeightPacking#stepwise}): two bits of each code a slot, and a group's
 * scales and marks with its first one.
 *
 * <p>A code's terms are made in the slots after the first one and in the cycle after the last one, so bubbles may stand anywhere. A group's
 * sum is complete 4 cycles after its last slot; zero points then take 8 cycles and scales 8 more, as two stages, so groups may follow each
 * other in 8 cycles.
 *
 * <p>Further than other cores, a group without a scale needs 16 cycles from one with a scale before it. Programs have both in one region never.
 */
final class SerialCore extends MatrixCore {

    SerialCore(MatrixShape s) {
        super(s, s);
        doc("Term-serial array: %d x %d results, one term of %d weights of every column per cycle."
                .formatted(s.m(), s.n(), s.step()));
        boolean scaled = s.scaled();

        // --- where the bits before the coming ones belong ----------------------------------------------------------
        var valid = control.valid;
        var wasLast = reg(bool()).init(true);
        var isFirst = control.groupFirst.or(wasLast);
        var wasFirst = reg(bool());
        var groupFirst = reg(bool());
        var firstStep = reg(bool());
        var groupLast = reg(bool());
        var blockFirst = reg(bool());
        var blockLast = reg(bool());
        var isFloat = reg(bool());
        var index = reg(uint(2));
        when(valid, () -> {
            wasLast.set(control.planeLast);
            wasFirst.set(isFirst);
            groupFirst.set(control.groupFirst);
            firstStep.set(control.groupFirst.or(firstStep.andNot(isFirst)));
            groupLast.set(control.groupLast);
            blockFirst.set(control.blockFirst);
            blockLast.set(control.blockLast);
            isFloat.set(control.zeroPoint.bit(0));
            index.set(mux(isFirst, 0, index.wrapAdd(1)));
        });
        var complete = later(valid.and(control.planeLast));
        var makes = valid.andNot(isFirst).or(complete);
        var ends = complete.and(groupLast);

        // --- terms, sums, groups -----------------------------------------------------------------------------------
        var terms = later(makes);
        var termsStart = reg(bool());
        termsStart.set(groupFirst);
        var place = reg(uint(3));
        place.set(mux(isFloat, cat(lit(0, 2), index.eq(0)).asUInt(), index.shl(1)));
        var stepTerms = later(complete);
        var stepStart = reg(bool());
        stepStart.set(firstStep);
        var element = wire(new SerialElement.Control());
        element.place.set(place);
        element.add.set(later(terms));
        element.start.set(later(termsStart));
        var stepAdd = later(stepTerms);
        var stepAddStart = later(stepStart);
        var load = later(later(later(ends)));
        element.load.set(load);
        groupEnds(element, ends, load, blockFirst, blockLast);

        var columnControl = wire(new SerialColumn.Control());
        columnControl.valid.set(valid);
        columnControl.groupFirst.set(control.groupFirst);
        columnControl.wasFirst.set(wasFirst);
        columnControl.complete.set(complete);
        columnControl.isFloat.set(isFloat);
        columnControl.ends.set(ends);
        columnControl.load.set(load);
        List<SerialColumn> columns = new ArrayList<>();
        for (int n = 0; n < s.n(); n++) {
            var column = new SerialColumn(new SerialColumn.Params(s.step(), scaled));
            column.control.set(columnControl);
            column.slices.set(weights.bits((n + 1) * 2 * s.step() - 1, n * 2 * s.step()));
            if (scale != null && column.scale != null && column.scaleValid != null) {
                column.scale.set(scale.values.bits(16 * n + 15, 16 * n));
                column.scaleValid.set(scale.valid);
            }
            columns.add(column);
        }

        // A line stays until the cycle after the next slot, in which the last terms of its step are made.
        var line = reg(bits(s.activationBits()));
        when(valid, () -> line.set(activations));
        var held = reg(bits(s.activationBits()));
        held.set(line);
        for (int m = 0; m < s.m(); m++) {
            Bits rowLine = held.bits((m + 1) * 8 * s.step() - 1, m * 8 * s.step());
            SInt zeroAddend = null;
            if (scaled) {
                var row = new SerialRow(new SerialRow.Params(s.step()));
                row.activations.set(rowLine);
                row.add.set(stepAdd);
                row.start.set(stepAddStart);
                row.load.set(load);
                zeroAddend = row.addend;
            }
            for (int n = 0; n < s.n(); n++) {
                var column = columns.get(n);
                var cell = new SerialElement(new SerialElement.Params(s.step(), scaled, s.innerBits(), s.outerBits()));
                cell.control.set(element);
                cell.activations.set(rowLine);
                cell.negative.set(column.negative);
                cell.one.set(column.one);
                cell.exponents.set(column.exponents);
                if (cell.zeroBit != null && column.zeroBit != null) {
                    cell.zeroBit.set(column.zeroBit);
                }
                if (cell.zeroAddend != null && zeroAddend != null) {
                    cell.zeroAddend.set(zeroAddend);
                }
                if (cell.scale != null && column.groupScale != null) {
                    cell.scale.set(column.groupScale);
                }
                result.get(m * s.n() + n).set(cell.result);
            }
        }
    }

    /** From a group's complete sum to the results: at once, or with scales after eight cycles for zero points and eight more. */
    private void groupEnds(SerialElement.Control element, Bool ends, Bool load, Bool blockFirst, Bool blockLast) {
        Bool first = later(later(later(blockFirst)));
        Bool last = later(later(later(blockLast)));
        Bool transfer = load;
        Bool capture;
        if (scale == null) {
            capture = later(later(load.and(last)));
        } else {
            var groupScaled = reg(bool());
            when(control.valid.and(control.groupFirst), () -> groupScaled.set(scale.valid));
            var endedScaled = reg(bool());
            when(ends, () -> endedScaled.set(groupScaled));
            Bool eight = load.and(endedScaled);
            Bool eightFirst = first;
            Bool eightLast = last;
            for (int i = 0; i < SerialCycles.SCALE; i++) {
                eight = later(eight);
                eightFirst = later(eightFirst);
                eightLast = later(eightLast);
            }
            Bool one = later(load.andNot(endedScaled));
            transfer = eight.or(one);
            first = mux(eight, eightFirst, later(first));
            var done = later(transfer.and(mux(eight, eightLast, later(last))));
            var wasEight = later(eight);
            // Bit i: results are complete in i cycles.
            UInt captures = reg(uint(LutCoreCycles.SCALE)).init(0);
            var longest = lit(1 << LutCoreCycles.SCALE - 1, LutCoreCycles.SCALE);
            captures.set(captures.shr(1).or(mux(done, mux(wasEight, longest, 1), 0)));
            capture = captures.bit(0);
        }
        element.transfer.set(transfer);
        element.blockStart.set(later(transfer.and(first)));
        element.capture.set(capture);
        resultValid.set(later(capture));
    }

    /** Cycles from the last slot of a block to its results. */
    static int cycles(MatrixShape s, boolean scaled) {
        int loaded = 4;
        return loaded + (s.scaled() ? scaled ? 2 * SerialCycles.SCALE + 2 : 4 : 3);
    }

    private Bool later(Bool flag) {
        var stage = reg(bool()).init(false);
        stage.set(flag);
        return stage;
    }
}
