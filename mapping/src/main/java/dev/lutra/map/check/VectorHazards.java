// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorPass.Addend;
import dev.lutra.machine.VectorPass.After;
import dev.lutra.machine.VectorPass.Factor;
import dev.lutra.machine.VectorPass.Reduction;
import dev.lutra.machine.VectorPass.Source;
import dev.lutra.machine.VectorShape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The passes of a region, one after the other, whatever time lies between them: none may read a row or scalar register that a pass before it may still have under way.
 * After ALL nothing is under way; after ROWS only the pass before is, whose rows are there in time for a pass that reads them in its own rows or later ones.
 */
public final class VectorHazards {
    private final VectorShape shape;
    private final List<VectorPass> underWay = new ArrayList<>();
    private final BitSet scalars = new BitSet();
    private boolean counted;

    public VectorHazards(VectorShape shape) {
        this.shape = shape;
    }

    /** Why a pass may not be the next one, or an empty text. */
    public String complaint(VectorPass p) {
        if (p.readsItsResult(shape)) {
            return "a row reads what an earlier one of the same pass writes";
        }
        for (int scalar : read(p)) {
            if (!scalars.get(scalar)) {
                return unset(scalar);
            }
        }
        if (p.reduction() == Reduction.ARGUMENT && p.keep() && !counted) {
            return "no arg-max is there to go on from";
        }
        if (p.after() == After.ALL) {
            return "";
        }
        VectorPass last = underWay.isEmpty() ? null : underWay.get(underWay.size() - 1);
        for (VectorPass before : underWay) {
            boolean rows = p.after() == After.ROWS;
            if (rows && before != last) {
                continue;
            }
            String complaint = reads(p, before, rows);
            if (!complaint.isEmpty()) {
                return complaint + ": after=" + (rows ? "all" : "rows or after=all") + " waits for it";
            }
        }
        return "";
    }

    private static String unset(int scalar) {
        return "register s%d is not set in this region".formatted(scalar);
    }

    /** Requires a register to have a number when all passes are done. */
    void requireSet(int pc, int scalar) {
        Refusal.require(scalars.get(scalar), pc, "%s", unset(scalar));
    }

    /** The next pass. */
    void check(int pc, VectorPass p) {
        Refusal.require(complaint(p).isEmpty(), pc, "%s", complaint(p));
        add(p);
    }

    /** The next pass, which is legal. */
    public void add(VectorPass p) {
        if (p.after() == After.ALL) {
            underWay.clear();
        } else if (p.after() == After.ROWS && !underWay.isEmpty()) {
            underWay.subList(0, underWay.size() - 1).clear();
        }
        underWay.add(p);
        written(p).forEach(scalars::set);
        counted |= p.reduction() == Reduction.ARGUMENT;
    }

    private String reads(VectorPass p, VectorPass before, boolean rows) {
        int count = shape.rowsOf(p.length());
        if (before.writesRows()) {
            for (int r = 0; r < count; r++) {
                int x = p.readsX() ? writtenBy(before, p.xRow(shape, r)) : -1;
                int y = p.readsY() ? writtenBy(before, p.yRow(shape, r)) : -1;
                int latest = Math.max(x, y);
                if (latest >= 0 && !(rows && latest <= r)) {
                    return "row %d may not be written yet".formatted(before.outRow(shape, latest));
                }
            }
        }
        for (int scalar : read(p)) {
            boolean early = rows && before.reduction() == Reduction.FIRST;
            if (!early && written(before).contains(scalar)) {
                return "register s%d may not be written yet".formatted(scalar);
            }
        }
        return "";
    }

    /** Which row of a pass writes a row of the scratchpad, or -1. */
    private int writtenBy(VectorPass before, int row) {
        int r = Math.floorMod(row - before.out(), shape.rows());
        return r < shape.rowsOf(before.length()) ? r : -1;
    }

    private static List<Integer> read(VectorPass p) {
        List<Integer> read = new ArrayList<>();
        if (p.source() == Source.SCALAR) {
            read.add(p.x());
        }
        if (p.factor() == Factor.SCALAR) {
            read.add(p.factorScalar());
        }
        if (p.addend() == Addend.SCALAR) {
            read.add(p.addendScalar());
        }
        if (p.keep()) {
            read.add(p.target());
        }
        return read;
    }

    private static List<Integer> written(VectorPass p) {
        return switch (p.reduction()) {
            case NONE -> List.of();
            case FIRST, SUM, MAXIMUM -> List.of(p.target());
            case ARGUMENT -> List.of(p.target(), p.target() + 1);
        };
    }
}
