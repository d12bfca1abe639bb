// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.cordic;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Rounding;
import dev.lutra.hdl.SFix;

/**
 * Length and angle of a vector. One a cycle, {@link #latency} cycles later, off by at most {@link Precision#lengthError} and
 * {@link Precision#angleError}. The vector (0, 0) has length 0 and any angle.
 */
public final class Polar extends Pipeline {
    public final Bool valid = in(bool());
    public final SFix x;
    public final SFix y;

    public final Bool polarValid = out(bool());
    public final SFix length;

    /** Half turns, counter-clockwise from the x axis. */
    public final SFix angle;

    public Polar(Precision p) {
        super(p);
        doc("Length and angle, in half turns, of a vector: CORDIC of " + p.iterations() + " iterations.");
        x = in(sfix(1, p.fraction()));
        y = in(sfix(1, p.fraction()));
        length = out(sfix(2, p.fraction()));
        angle = out(sfix(1, p.angleFraction()));

        // Into the right half plane, where the iterations converge.
        var behind = x.isNegative();
        var below = y.isNegative();
        var right = mux(behind, mux(below, y.neg(), y), x);
        var up = mux(behind, mux(below, x, x.neg()), y);
        var half = sfix(1, 1);
        var start = mux(behind, mux(below, lit(-0.5, half), lit(0.5, half)), lit(0, half));
        var at = stage(0, right, up, start, valid);
        for (int i = 0; i < p.iterations(); i++) {
            at = turn(at, i, at.y.isNegative());
        }
        length.set(compensate(at.x));
        var rounded = reg(sfix(1, p.angleFraction()));
        var kept = reg(sfix(1, p.angleFraction()));
        rounded.set(at.angle.round(p.angleFraction(), Rounding.HALF_UP).wrap(1));
        kept.set(rounded);
        angle.set(kept);
        polarValid.set(delayed(at.valid, 2));
    }

    /** Cycles from a vector to its result. */
    public int latency() {
        return precision.iterations() + 3;
    }
}
