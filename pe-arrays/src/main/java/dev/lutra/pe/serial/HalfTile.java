// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;
import java.util.List;

/**
 * Tile of BitMoD: rows x columns of {@link HalfPe}. Terms are made once per column and go down it, activations go along the rows, and the rows of a column
 * share one accumulator, which takes their groups one after the other. All columns go in step.
 *
 * <p>Groups take 8 cycles and one more per row at least: 16 with 8 rows, which groups of 32 weights of any type have.
 */
final class HalfTile extends Module {

    record Params(int rows, int columns) {}

    final Bool valid = in(bool());
    final Bool groupFirst = in(bool());
    final Bool groupLast = in(bool());

    /** With groupLast: it is the rows' first group. */
    final Bool rowFirst = in(bool());

    final Bool isFloat = in(bool());

    /** Which term. */
    final UInt index = in(uint(2));

    /** Four activations of each row. */
    final Vec<Bits> activations;

    /** Four codes of each column. */
    final Vec<Bits> codes;

    final Vec<SInt> specials;

    /** Scale of each column's group, with groupLast. */
    final Vec<UInt> scales;

    /** Binary32 sums, column by column: valid 12 cycles and one per row after a group's last slot. */
    final Vec<Bits> sums;

    HalfTile(Params p) {
        super(p);
        doc("%d x %d term-serial elements for FP16 activations, with term generators and an accumulator per column."
                .formatted(p.rows(), p.columns()));
        activations = in(vec(p.rows(), i -> bits(16 * SerialCycles.LANES)));
        codes = in(vec(p.columns(), i -> bits(8 * SerialCycles.LANES)));
        specials = in(vec(p.columns(), i -> sint(6)));
        scales = in(vec(p.columns(), i -> uint(8)));
        sums = out(vec(p.rows() * p.columns(), i -> bits(32)));

        // The first group of the rows, until its sums are taken.
        var first = valid.and(groupLast).and(rowFirst);
        var done = valid.and(groupLast);
        for (int i = 0; i < HalfPe.LATENCY; i++) {
            first = flag(first);
            done = flag(done);
        }
        var firstNow = first;
        var firstHeld = reg(bool());
        when(done, () -> firstHeld.set(firstNow));
        List<Bool> turns = new ArrayList<>(List.of(done));
        while (turns.size() < p.rows()) {
            turns.add(flag(turns.get(turns.size() - 1)));
        }
        var anyTurn = turns.get(0);
        for (int r = 1; r < p.rows(); r++) {
            anyTurn = anyTurn.or(turns.get(r));
        }
        var starts = mux(done, firstNow, firstHeld);

        for (int c = 0; c < p.columns(); c++) {
            var negative = new ArrayList<Bool>();
            var one = new ArrayList<Bool>();
            var exponents = new ArrayList<UInt>();
            for (int k = SerialCycles.LANES - 1; k >= 0; k--) {
                var generator = new TermGenerator();
                generator.code.set(codes.get(c).bits(8 * k + 7, 8 * k).asSInt());
                generator.isFloat.set(isFloat);
                generator.special.set(specials.get(c));
                generator.index.set(index);
                negative.add(generator.negative);
                one.add(generator.one);
                exponents.add(generator.exponent);
            }
            var control = new HalfControl();
            control.valid.set(valid);
            control.groupFirst.set(groupFirst);
            control.groupLast.set(groupLast);
            control.scale.set(scales.get(c));
            SInt scaled = null;
            UInt exponent = null;
            for (int r = 0; r < p.rows(); r++) {
                var pe = new HalfPe();
                pe.negative.set(Hdl.cat(negative));
                pe.one.set(Hdl.cat(one));
                pe.exponents.set(Hdl.cat(exponents));
                pe.activations.set(activations.get(r));
                pe.shift.set(mux(isFloat, mux(index.eq(0), lit(1, 3), lit(0, 3)), index.shl(1)));
                pe.valid.set(valid);
                pe.follow(control);
                scaled = scaled == null ? pe.scaled : mux(turns.get(r), pe.scaled, scaled);
                exponent = exponent == null ? pe.exponent : mux(turns.get(r), pe.exponent, exponent);
            }
            var accumulator = new HalfAccumulator(new HalfAccumulator.Params(p.rows()));
            accumulator.valid.set(anyTurn);
            accumulator.first.set(starts);
            if (scaled != null && exponent != null) {
                accumulator.scaled.set(scaled);
                accumulator.exponent.set(exponent);
            }
            for (int r = 0; r < p.rows(); r++) {
                sums.get(c * p.rows() + r).set(accumulator.sums.get(r));
            }
        }
    }

    private Bool flag(Bool value) {
        var stage = reg(bool()).init(false);
        stage.set(value);
        return stage;
    }
}
