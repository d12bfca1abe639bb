// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorPass.Addend;
import dev.lutra.machine.VectorPass.After;
import dev.lutra.machine.VectorPass.Factor;
import dev.lutra.machine.VectorPass.Reduction;
import dev.lutra.machine.VectorPass.Source;
import dev.lutra.machine.VectorRow;
import dev.lutra.machine.VectorShape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The passes of a region, one after the other, whatever time lies between them: none may read a row or scalar register that a pass before it may still have under way.
 * After ALL nothing is under way; after ROWS only the pass before is, whose rows are there in time for a pass that reads them in its own rows or later ones.
 */
public final class VectorHazards {
    private final VectorShape shape;
    private final List<Started> underWay = new ArrayList<>();
    private final BitSet scalars = new BitSet();
    private boolean counted;

    /** A pass, and for each row that it writes the cycle in which it reads what goes there. */
    private record Started(VectorPass pass, Map<Integer, Integer> written) {

        static Started of(VectorShape shape, VectorPass pass) {
            Map<Integer, Integer> written = new HashMap<>();
            List<VectorRow> rows = pass.writesRows() ? VectorRow.of(shape, pass) : List.of();
            for (int r = 0; r < rows.size(); r++) {
                if (rows.get(r).out() >= 0) {
                    written.put(rows.get(r).out(), r);
                }
            }
            return new Started(pass, written);
        }
    }

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
        Started last = underWay.isEmpty() ? null : underWay.get(underWay.size() - 1);
        for (Started before : underWay) {
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
        underWay.add(Started.of(shape, p));
        written(p).forEach(scalars::set);
        counted |= p.reduction() == Reduction.ARGUMENT;
    }

    private String reads(VectorPass p, Started before, boolean rows) {
        List<VectorRow> reads = before.written.isEmpty() ? List.of() : VectorRow.of(shape, p);
        for (int r = 0; r < reads.size(); r++) {
            for (int row : new int[] {reads.get(r).x(), reads.get(r).y()}) {
                int latest = before.written.getOrDefault(row, -1);
                if (latest >= 0 && !(rows && latest <= r)) {
                    return "row %d may not be written yet".formatted(row);
                }
            }
        }
        for (int scalar : read(p)) {
            boolean early = rows && before.pass.reduction() == Reduction.FIRST;
            if (!early && written(before.pass).contains(scalar)) {
                return "register s%d may not be written yet".formatted(scalar);
            }
        }
        return "";
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
            case NONE, PAIRS, PARTS, RUNS -> List.of();
            case FIRST, SUM, MAXIMUM -> List.of(p.target());
            case ARGUMENT -> List.of(p.target(), p.target() + 1);
        };
    }
}
