// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorRow;
import dev.lutra.machine.VectorShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Random passes, each as early as what it reads allows, or later. */
final class RandomPasses {
    private final VectorShape shape;
    private final Random random;
    private final int mostRows;

    /** Cycle from which a row or register has what was last written to it. */
    private final long[] rowAt;

    private final long[] scalarAt = new long[VectorShape.SCALARS];
    private final List<VectorPass> passes = new ArrayList<>();

    RandomPasses(VectorShape shape, int mostRows, Random random) {
        this.shape = shape;
        this.mostRows = mostRows;
        this.random = random;
        rowAt = new long[shape.rows()];
    }

    /** Any passes. */
    List<VectorPass> next(int count) {
        return next(count, () -> random.nextInt(3) == 0 ? form() : one());
    }

    /** Passes that keep numbers in their size, of vectors that are gathered from others or made of several parts. */
    List<VectorPass> forms(int count) {
        return next(count, this::form);
    }

    private List<VectorPass> next(int count, Supplier<VectorPass> some) {
        for (int i = 0; i < count; i++) {
            VectorPass pass = null;
            while (pass == null) {
                try {
                    pass = some.get();
                    if (pass.readsItsResult(shape)) pass = null;
                } catch (IllegalArgumentException e) {
                    continue; // fields that exclude each other
                }
            }
            for (var after : VectorPass.After.values()) {
                var early = pass.after(after);
                if (after != VectorPass.After.ALL && (random.nextInt(4) == 0 || !legal(early))) continue;
                add(early);
                break;
            }
        }
        return passes;
    }

    private <E> E any(E[] of) {
        return of[random.nextInt(of.length)];
    }

    private int row() {
        return random.nextInt(shape.rows());
    }

    private int scalar() {
        return random.nextInt(VectorShape.SCALARS);
    }

    private VectorPass form() {
        int lanes = shape.lanes();
        var pass = VectorPass.of(row(), 1 + random.nextInt(9 * lanes))
                .signed(any(VectorPass.Sign.values()))
                .to(row());
        switch (random.nextInt(4)) {
            case 0 -> pass = pass.plusVector(row());
            case 1 -> pass = pass.orLess(row());
            default -> {}
        }
        if (random.nextInt(3) == 0) {
            return (pass.readsY() ? pass.y(0, 0) : pass.timesVector(0)).reduced(VectorPass.Reduction.PAIRS, 0);
        }
        if (random.nextBoolean()) {
            pass = pass.timesSpread(pass.addsY() ? pass.y() : row(), 1 << random.nextInt(shape.levels() + 4));
        }
        if (random.nextBoolean()) {
            pass = pass.repeated(2 << random.nextInt(3), 1 << random.nextInt(3));
        }
        int sums = 1 + random.nextInt(3);
        if (random.nextInt(3) == 0 && !pass.addsY() && pass.spread() == 1) {
            if (random.nextBoolean()) {
                pass = pass.times(VectorPass.Factor.VECTOR, 0)
                        .y(row(), (random.nextInt(3) * VectorRow.TURN << sums) % shape.rows());
            }
            return pass.reduced(VectorPass.Reduction.RUNS, sums);
        }
        return random.nextBoolean() ? pass : pass.reduced(VectorPass.Reduction.PARTS, sums);
    }

    private VectorPass one() {
        int lanes = shape.lanes();
        int length = 1 + random.nextInt(mostRows * lanes);
        var source = random.nextInt(3) > 0 ? VectorPass.Source.VECTOR : any(VectorPass.Source.values());
        int swap = random.nextInt(3) > 0
                ? 0
                : random.nextBoolean() ? lanes * (1 + random.nextInt(3)) : 1 << random.nextInt(shape.levels() + 1);
        var factor = any(VectorPass.Factor.values());
        var addend = random.nextBoolean() ? VectorPass.Addend.NOTHING : any(VectorPass.Addend.values());
        var reduction = any(VectorPass.Reduction.values());
        int period = random.nextInt(3) > 0 ? 0 : 1 + random.nextInt(4);
        return new VectorPass(
                source,
                random.nextBoolean() ? VectorPass.Sign.SAME : any(VectorPass.Sign.values()),
                source == VectorPass.Source.SCALAR ? scalar() : row(),
                random.nextBoolean() ? random.nextInt() : Float.floatToIntBits(random.nextFloat()),
                swap,
                1,
                1,
                row(),
                period,
                1,
                factor,
                scalar(),
                addend,
                scalar(),
                random.nextBoolean() ? VectorPass.Function.NONE : any(VectorPass.Function.values()),
                any(VectorPass.Result.values()),
                row(),
                reduction,
                random.nextBoolean(),
                scalar(),
                length,
                VectorPass.After.ALL);
    }

    private List<VectorPass> with(VectorPass pass) {
        var all = new ArrayList<>(passes);
        all.add(pass);
        return all;
    }

    /** The cycle of the first slot. */
    private long start(VectorPass pass) {
        return VectorCycles.of(shape, with(pass)) - VectorCycles.LATENCY + 1 - VectorCycles.slots(shape, pass);
    }

    private boolean legal(VectorPass p) {
        long start = start(p);
        var scalars = new ArrayList<Integer>();
        if (p.source() == VectorPass.Source.SCALAR) scalars.add(p.x());
        if (p.factor() == VectorPass.Factor.SCALAR) scalars.add(p.factorScalar());
        if (p.addend() == VectorPass.Addend.SCALAR) scalars.add(p.addendScalar());
        if (p.keep()) scalars.add(p.target());
        if (scalars.stream().anyMatch(s -> scalarAt[s] > start)) return false;
        List<VectorRow> rows = VectorRow.of(shape, p);
        return IntStream.range(0, rows.size())
                .allMatch(r ->
                        late(rows.get(r).x(), start + r) && late(rows.get(r).y(), start + r));
    }

    /** Whether a row, if any, can be read in a cycle. */
    private boolean late(int row, long cycle) {
        return row < 0 || rowAt[row] <= cycle;
    }

    private void add(VectorPass p) {
        long start = start(p);
        long end = start + VectorCycles.slots(shape, p) - 1 + VectorCycles.LATENCY;
        passes.add(p);
        List<VectorRow> rows = VectorRow.of(shape, p);
        for (int r = 0; r < rows.size(); r++) {
            int out = rows.get(r).out();
            if (out >= 0) rowAt[out] = start + r + VectorCycles.LATENCY;
        }
        switch (p.reduction()) {
            case NONE, PAIRS, PARTS, RUNS -> {}
            case FIRST -> scalarAt[p.target()] = start + VectorCycles.LATENCY;
            case SUM, MAXIMUM -> scalarAt[p.target()] = end;
            case ARGUMENT -> {
                scalarAt[p.target()] = end;
                scalarAt[p.target() + 1] = end;
            }
        }
    }
}
