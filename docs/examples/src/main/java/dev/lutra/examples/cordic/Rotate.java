// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.cordic;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SFix;

/**
 * Turns a vector by any angle; of (1 - 2^-f, 0) this makes cosine and sine. One a cycle, {@link #latency} cycles later. Each coordinate
 * is off by at most {@link Precision#rotateError}, which is less than 1.5 units in the last place if the angle has at least as many
 * fraction bits as the coordinates.
 */
public final class Rotate extends Pipeline {
    public final Bool valid = in(bool());
    public final SFix x;
    public final SFix y;

    /** Half turns, counter-clockwise. */
    public final SFix angle;

    public final Bool turnedValid = out(bool());
    public final SFix turnedX;
    public final SFix turnedY;

    public Rotate(Precision p) {
        super(p);
        doc("Turns a vector by an angle in half turns: CORDIC of " + p.iterations() + " iterations.");
        x = in(sfix(1, p.fraction()));
        y = in(sfix(1, p.fraction()));
        angle = in(sfix(1, p.angleFraction()));
        turnedX = out(sfix(2, p.fraction()));
        turnedY = out(sfix(2, p.fraction()));

        // The iterations reach 0.55 half turns: what is beyond a quarter turn first turns by one.
        var top = angle.bit(angle.width() - 1);
        var beyond = top.ne(angle.bit(angle.width() - 2));
        var left = beyond.and(top.not());
        var right = beyond.and(top);
        var nearX = mux(left, y.neg(), mux(right, y, x));
        var nearY = mux(left, x, mux(right, x.neg(), y));
        var half = lit(0.5, sfix(1, 1));
        var nearAngle = mux(left, angle.wrapSub(half), mux(right, angle.wrapAdd(half), angle));
        var at = stage(0, nearX, nearY, nearAngle, valid);
        for (int i = 0; i < p.iterations(); i++) {
            var ahead = at.angle.isNegative().not();
            at = turn(at, i, ahead);
        }
        turnedX.set(compensate(at.x));
        turnedY.set(compensate(at.y));
        turnedValid.set(delayed(at.valid, 2));
    }

    /** Cycles from a vector to its result. */
    public int latency() {
        return precision.iterations() + 3;
    }
}
