// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import java.util.ArrayList;
import java.util.List;

/**
 * A table array among others that do the same work: M rows of activations, N columns, T tables of G activations, one plane per cycle. Rows stand beside each
 * other, with tables of their own; {@code M N} times the activations that meet in front of a sum is the same for all, as near as whole tables and
 * whole RAMs come.
 *
 * @param target where it is built
 * @param ram tables in distributed RAM, that stay while the columns move; else in registers, new in every cycle, by one precompute
 * @param m rows
 * @param g activations per table
 * @param lanes wanted in front of a sum, of which whole tables take the next number
 */
public record AreaPoint(AreaTarget target, boolean ram, int m, int g, int lanes) {

    /** Tables in front of a sum. */
    public int t() {
        return Math.max(2, Math.round((float) lanes / g));
    }

    /** Columns: those of the work, a multiple of 7. */
    public int n() {
        int work = target == AreaTarget.LUT6 ? 112 * 160 : 112 * 16;
        return Math.max(7, Math.round((float) work / (m * t() * g * 7)) * 7);
    }

    /** The best point of a target, which {@link AreaEngine} compares with its rivals and {@link AreaSearch} starts from. */
    public static AreaPoint standard(AreaTarget target) {
        return switch (target) {
            case LUT6 -> new AreaPoint(target, true, 1, 5, 160);
            case ICE40 -> new AreaPoint(target, false, 1, 3, 64);
            case CELLS -> new AreaPoint(target, false, 1, 4, 64);
        };
    }

    /** Points with one parameter changed by one step, and the columns with it. */
    public List<AreaPoint> neighbours() {
        var all = new ArrayList<AreaPoint>();
        if (g > 2) all.add(new AreaPoint(target, ram, m, g - 1, lanes));
        if (g < 6) all.add(new AreaPoint(target, ram, m, g + 1, lanes));
        if (lanes / 2 >= 2 * g) all.add(new AreaPoint(target, ram, m, g, lanes / 2));
        all.add(new AreaPoint(target, ram, m, g, lanes * 2));
        if (m > 1) all.add(new AreaPoint(target, ram, m / 2, g, lanes));
        all.add(new AreaPoint(target, ram, m * 2, g, lanes));
        // iCE40 and cells have no distributed RAM.
        if (target == AreaTarget.LUT6) all.add(new AreaPoint(target, !ram, m, g, lanes));
        // Few columns, rounded to a multiple of 7, would not do the same work.
        all.removeIf(point -> point.n() < 14);
        return all;
    }

    /** One row of it, for two planes. */
    public AreaEngine engine() {
        return AreaEngine.point(this);
    }

    /** Its row of the table: area of all rows, products of all rows. */
    public AreaRow row(Synthesis one) {
        var engine = engine();
        var rows = new AreaEngine(
                engine.name(),
                engine.weights(),
                engine.activations(),
                target,
                // M rows take the cycles of one.
                engine.cycles(),
                engine.design(),
                engine.repeat(),
                m);
        return new AreaRow(
                rows, new Synthesis(m * one.area(), m * one.flipFlops(), m * one.multipliers(), one.pathPs()));
    }
}
