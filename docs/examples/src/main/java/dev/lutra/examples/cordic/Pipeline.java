// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.cordic;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Rounding;
import dev.lutra.hdl.SFix;

/** The iterations, a register stage for each, and the compensation of what they make longer. */
abstract class Pipeline extends Module {
    /** Integer bits within the pipeline: a corner of the square times the gain is 2.33. */
    private static final int INNER_INTEGER = 3;

    /** What a stage hands on. */
    static final class Stage extends Bundle {
        final SFix x;
        final SFix y;
        final SFix angle;
        final Bool valid = field(bool());

        Stage(Precision p) {
            x = field(sfix(INNER_INTEGER, p.innerFraction()));
            y = field(sfix(INNER_INTEGER, p.innerFraction()));
            angle = field(sfix(1, p.innerAngleFraction()));
        }
    }

    final Precision precision;

    Pipeline(Precision precision) {
        super(precision);
        this.precision = precision;
    }

    /** A register stage, by its number from 0. */
    final Stage stage(int number, SFix x, SFix y, SFix angle, Bool valid) {
        var stage = named(reg(new Stage(precision)), "stage_" + number);
        stage.valid.init(false);
        stage.x.set(x);
        stage.y.set(y);
        stage.angle.set(angle);
        stage.valid.set(valid);
        return stage;
    }

    /** Turns by the angle of an iteration, one way or the other, and takes that off the angle. */
    final Stage turn(Stage s, int iteration, Bool left) {
        var across = s.y.shr(iteration).round(precision.innerFraction(), Rounding.FLOOR);
        var along = s.x.shr(iteration).round(precision.innerFraction(), Rounding.FLOOR);
        var step = lit(Precision.angle(iteration), sfix(1, precision.innerAngleFraction()), Rounding.HALF_EVEN);
        return stage(
                iteration + 1,
                mux(left, s.x.wrapSub(across), s.x.wrapAdd(across)),
                mux(left, s.y.wrapAdd(along), s.y.wrapSub(along)),
                mux(left, s.angle.wrapSub(step), s.angle.wrapAdd(step)),
                s.valid);
    }

    /** A coordinate in its own length again: two cycles. */
    final SFix compensate(SFix grown) {
        var shrink = lit(1 / precision.gain(), sfix(1, precision.innerFraction()), Rounding.HALF_EVEN);
        var product = reg(sfix(INNER_INTEGER + 1, 2 * precision.innerFraction()));
        var rounded = reg(sfix(2, precision.fraction()));
        product.set(grown.mul(shrink));
        rounded.set(product.round(precision.fraction(), Rounding.HALF_UP).wrap(2)); // at most 1.42
        return rounded;
    }

    /** A bit, some cycles later. */
    final Bool delayed(Bool valid, int cycles) {
        var at = valid;
        for (int i = 0; i < cycles; i++) {
            var later = reg(bool()).init(false);
            later.set(at);
            at = later;
        }
        return at;
    }
}
