// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A matrix core of which only the front is left to be written: what a column's part of the weight word and a row of activations add up to
 * in one slot. Passes, groups, scales and results are here. The constructor of a core makes its front and ends with {@link #complete}.
 */
public abstract class SummingCore extends ColumnCore {

    /** What the sums of slots leave out. */
    protected enum Codes {
        /** Nothing: codes stand for the weights. */
        WEIGHTS,
        /** Codes of +-1 in planes: z' times the sum of the activations. */
        SIGNS,
        /** Digits: half the weight of each pass but the last, times the sum of the activations. */
        DIGITS
    }

    /**
     * A front's sum of one slot, row and column.
     *
     * @param value without the carry
     * @param carry 0 or 1 that is added to it
     */
    public record SlotSum(SInt value, Bool carry) {}

    private final MatrixShape shape;
    private final List<LutControl> stages = new ArrayList<>();

    /**
     * Declares the ports.
     *
     * @param params what makes two cores the same hardware
     */
    protected SummingCore(Record params, MatrixShape shape) {
        super(params, shape);
        this.shape = shape;
        stages.add(control);
    }

    /** Cycles from the last slot of a block to its results, with a front of so many stages. */
    protected static int latency(int depth, boolean scaled) {
        return depth + 3 + (scaled ? LutCoreCycles.SCALE : 1);
    }

    /** The flags of a slot, so many cycles later. */
    protected final LutControl control(int cycles) {
        while (stages.size() <= cycles) {
            var stage = named(reg(new LutControl()), "control" + stages.size());
            stage.valid.init(false);
            stage.set(stages.get(stages.size() - 1));
            stages.add(stage);
        }
        return stages.get(cycles);
    }

    /** Activations of a row in a line. */
    protected final int rowBits() {
        return shape.laneBits() * shape.step();
    }

    /**
     * Makes the rest of the core.
     *
     * @param depth stages of the front, at least 1: cycles from a slot to its sums
     * @param sums row by row, as wide as each other
     * @param codes what they leave out
     * @param activationSums sums of each row's activations, with the sums; not used with codes of weights
     */
    protected final void complete(int depth, List<SlotSum> sums, Codes codes, List<SInt> activationSums) {
        if (shape.scaled() && depth >= LutCoreCycles.SCALE) {
            throw new IllegalArgumentException(
                    "%d activations a slot take %d stages to add up, with group scales there are at most %d"
                            .formatted(shape.step(), depth, LutCoreCycles.SCALE - 1));
        }
        var slot = control(depth);
        var flags = follow(new Slot(
                slot.valid,
                slot.planeFirst,
                slot.groupFirst,
                slot.groupLast,
                slot.blockFirst,
                slot.blockLast,
                codes == Codes.SIGNS ? slot.zeroPoint.ne(0) : lit(false)));
        boolean corrected = codes == Codes.SIGNS || codes == Codes.DIGITS && shape.passes() > 1;
        for (int m = 0; m < shape.m(); m++) {
            var correction = corrected ? correction(codes, slot, activationSums.get(m)) : null;
            for (int n = 0; n < shape.n(); n++) {
                int i = m * shape.n() + n;
                var column = new SumColumn(new SumColumn.Params(
                        sums.get(i).value().width(),
                        shape.planes(),
                        shape.passes() > 1,
                        corrected,
                        shape.scaled(),
                        shape.innerBits(),
                        shape.outerBits()));
                column.control.set(flags.columns());
                column.sum.set(sums.get(i).value());
                column.carry.set(sums.get(i).carry());
                if (column.correction != null && correction != null) {
                    column.correction.set(correction);
                }
                if (column.scale != null && flags.scales() != null) {
                    column.scale.set(flags.scales().get(n));
                }
                result.get(i).set(column.result);
            }
        }
    }

    private @Nullable SInt correction(Codes codes, LutControl slot, SInt activationSum) {
        var sum = new ActivationSum(new ActivationSum.Params(
                codes == Codes.DIGITS, shape.planes(), activationSum.width(), shape.innerBits()));
        sum.sum.set(activationSum);
        sum.accumulate.set(slot.valid);
        sum.restart.set(slot.groupFirst);
        sum.twice.set(slot.planeFirst);
        sum.planeLast.set(slot.planeLast);
        sum.zeroPoint.set(slot.zeroPoint);
        return sum.correction;
    }
}
