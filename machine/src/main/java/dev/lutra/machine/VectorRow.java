// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import dev.lutra.machine.VectorPass.Factor;
import dev.lutra.machine.VectorPass.Reduction;
import java.util.ArrayList;
import java.util.List;

/**
 * What a cycle of a pass reads and writes of the scratchpad: numbers of rows, -1 for none, and how many elements of each, from the first one on.
 *
 * @param x row that is read for x
 * @param y row that is read for y
 * @param out row that is written
 */
public record VectorRow(int x, int xElements, int y, int yElements, int out, int outElements) {

    /** Rows of a vector that {@link Reduction#PARTS} and {@link Reduction#RUNS} add up in turn: as many as sums are under way at once. */
    public static final int TURN = 4;

    /** A cycle without elements. */
    private static final VectorRow NOTHING = new VectorRow(-1, 0, -1, 0, -1, 0);

    /** The cycles of a pass in which it reads rows, one after the other. */
    public static List<VectorRow> of(VectorShape shape, VectorPass pass) {
        List<VectorRow> all = new ArrayList<>();
        int rows = shape.rowsOf(pass.length());
        if (pass.parts() == 1) {
            for (int r = 0; r < rows; r++) {
                all.add(of(shape, pass, r, r, true, true));
            }
            return all;
        }
        for (int first = 0; first < rows; first += TURN) {
            for (int part = 0; part < pass.parts(); part++) {
                for (int r = first; r < first + TURN; r++) {
                    boolean last = part == pass.parts() - 1;
                    int index = pass.reduction() == Reduction.RUNS ? r * pass.parts() + part : part * rows + r;
                    all.add(r < rows ? of(shape, pass, index, r, part == 0, last) : NOTHING);
                }
            }
        }
        return all;
    }

    /** Row {@code index} of what is read, row r of v; the first and the last part of it. */
    private static VectorRow of(VectorShape shape, VectorPass p, int index, int r, boolean first, boolean last) {
        int lanes = shape.lanes();
        int elements = Math.min(lanes, p.length() - r * lanes);
        boolean pairs = p.reduction() == Reduction.PAIRS;
        int x = pairs ? 2 * index : index % p.block() + index / (p.block() * p.repeat()) * p.block();
        int apart = p.swap() / lanes;
        if (apart > 0) {
            x += index % (2 * apart) < apart ? apart : -apart;
        }
        // a partner within the row may be the last of it
        int xElements = pairs ? Math.min(lanes, 2 * elements) : p.swap() > 0 && apart == 0 ? lanes : elements;
        boolean readsY = p.factor() == Factor.VECTOR || p.addsY() && first;
        int y = pairs ? p.x() + 2 * index + 1 : p.y() + (p.period() > 0 ? index % p.period() : index / p.spread());
        int yElements = pairs
                ? 2 * elements - xElements
                : p.spread() == 1 ? elements : (index * lanes + elements - 1) / p.spread() % lanes + 1;
        boolean someY = readsY && yElements > 0;
        boolean writes = p.writesRows() && last;
        int mask = shape.rows() - 1;
        return new VectorRow(
                p.readsX() ? p.x() + x & mask : -1,
                p.readsX() ? xElements : 0,
                someY ? y & mask : -1,
                someY ? yElements : 0,
                writes ? p.out() + r & mask : -1,
                writes ? elements : 0);
    }
}
