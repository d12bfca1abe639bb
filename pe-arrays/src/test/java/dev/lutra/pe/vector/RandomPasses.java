// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

    List<VectorPass> next(int count) {
        for (int i = 0; i < count; i++) {
            VectorPass pass = null;
            while (pass == null) {
                try {
                    pass = one();
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

    private VectorPass one() {
        int lanes = shape.lanes();
        int length = 1 + random.nextInt(mostRows * lanes);
        var source = random.nextInt(3) > 0 ? VectorPass.Source.VECTOR : any(VectorPass.Source.values());
        int swap = random.nextInt(3) > 0
                ? 0
                : random.nextBoolean() ? lanes * (1 + random.nextInt(3)) : 1 << random.nextInt(shape.levels() + 1);
        return new VectorPass(
                source,
                random.nextBoolean() ? VectorPass.Sign.SAME : any(VectorPass.Sign.values()),
                source == VectorPass.Source.SCALAR ? scalar() : row(),
                random.nextBoolean() ? random.nextInt() : Float.floatToIntBits(random.nextFloat()),
                swap,
                row(),
                random.nextInt(3) > 0 ? 0 : 1 + random.nextInt(4),
                any(VectorPass.Factor.values()),
                scalar(),
                random.nextBoolean() ? VectorPass.Addend.NOTHING : any(VectorPass.Addend.values()),
                scalar(),
                random.nextBoolean() ? VectorPass.Function.NONE : any(VectorPass.Function.values()),
                any(VectorPass.Result.values()),
                row(),
                any(VectorPass.Reduction.values()),
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
        return IntStream.range(0, shape.rowsOf(p.length()))
                .allMatch(r -> !(p.readsX() && rowAt[p.xRow(shape, r)] > start + r)
                        && !(p.readsY() && rowAt[p.yRow(shape, r)] > start + r));
    }

    private void add(VectorPass p) {
        long start = start(p);
        long end = start + VectorCycles.slots(shape, p) - 1 + VectorCycles.LATENCY;
        passes.add(p);
        for (int r = 0; r < shape.rowsOf(p.length()) && p.result() != VectorPass.Result.NONE; r++) {
            rowAt[p.outRow(shape, r)] = start + r + VectorCycles.LATENCY;
        }
        switch (p.reduction()) {
            case NONE -> {}
            case FIRST -> scalarAt[p.target()] = start + VectorCycles.LATENCY;
            case SUM, MAXIMUM -> scalarAt[p.target()] = end;
            case ARGUMENT -> {
                scalarAt[p.target()] = end;
                scalarAt[p.target() + 1] = end;
            }
        }
    }
}
