// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorShape;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The operations of a layer of stories260K (width 64, hidden 172, heads of 8, up to 64 positions) on the hardware: the bits of the model, the cycles of the formula. */
class VectorKernelsTest {
    private static final int WIDTH = 64;
    private static final int HIDDEN = 172;
    private static final int HEAD = 8;

    private static final int X = 0;

    private final long seed = Long.getLong("lutra.seed", new Random().nextLong());
    private final Random random = new Random(seed);

    private float[] vector(int n, double size) {
        float[] v = new float[n];
        for (int i = 0; i < n; i++) v[i] = (float) (random.nextGaussian() * size);
        return v;
    }

    @Engines
    void aLayer(EngineKind engine) {
        boolean deep = Boolean.getBoolean("lutra.deep");
        boolean all = deep && engine == EngineKind.EMBEDDED;
        for (int lanes : all ? new int[] {1, 2, 4, 8, 16, 32} : new int[] {8}) {
            int y = 256 / lanes;
            int z = 2 * y;
            int out = 3 * y;
            var shape = new VectorShape(lanes, 4 * y);
            try (var bench = new VectorBench(engine, shape)) {
                bench.run(List.of(
                        VectorPass.load(10, 1f / WIDTH),
                        VectorPass.load(11, 1e-5f),
                        VectorPass.load(12, 1f / 127),
                        VectorPass.load(13, 1f),
                        VectorPass.load(14, 1 / (float) Math.sqrt(HEAD)),
                        VectorPass.load(15, 0.01f)));

                bench.put(X, vector(WIDTH, 3));
                bench.put(y, vector(WIDTH, 1));
                check(bench, shape, VectorKernels.rmsNorm(X, y, out, WIDTH, 0, 10, 11), "RMSNorm");

                for (int distance : new int[] {1, HEAD / 2}) {
                    bench.put(X, vector(WIDTH, 2));
                    bench.put(y, vector(Math.max(HEAD, lanes), 0.7));
                    bench.put(z, vector(Math.max(HEAD, lanes), 0.7));
                    int period = Math.max(1, HEAD / lanes);
                    check(
                            bench,
                            shape,
                            VectorKernels.rotary(X, y, z, period, distance, out, X, WIDTH),
                            "rotary embedding of pairs " + distance + " apart");
                }

                var lengths = deep && engine != EngineKind.ICARUS ? lengths(64) : List.of(1, 7, 8, 9, 37, 64);
                for (int n : lengths) {
                    bench.put(X, vector(n, 8));
                    var parts = new ArrayList<>(List.of(
                            VectorPass.load(1, Float.NEGATIVE_INFINITY),
                            VectorPass.load(2, 0).after(VectorPass.After.NOTHING)));
                    int first = Math.max(1, n / 2 / lanes * lanes);
                    parts.addAll(VectorKernels.softmaxPart(X, first, 14, 1));
                    if (n > first && first % lanes == 0) {
                        parts.addAll(VectorKernels.softmaxPart(X + first / lanes, n - first, 14, 1));
                    }
                    parts.addAll(VectorKernels.divide(X, n, 2));
                    check(bench, shape, parts, "softmax of " + n);
                }

                bench.put(X, vector(HIDDEN, 5));
                bench.put(y, vector(HIDDEN, 1));
                check(bench, shape, VectorKernels.siluGate(X, y, z, out, HIDDEN, 13), "SiLU gate");
                check(bench, shape, VectorKernels.quantise(out, z, HIDDEN, 5, 12), "quantisation");
                check(bench, shape, VectorKernels.squaredReluGate(X, y, out, HIDDEN), "squared ReLU gate");
                check(bench, shape, VectorKernels.add(X, y, out, HIDDEN), "residual addition");

                for (int i = 0; i < HIDDEN; i++) bench.model().set(X, i, random.nextInt(1 << 21) - (1 << 20));
                for (int row = 0; row < shape.rowsOf(HIDDEN); row++) bench.put(X + row);
                check(bench, shape, VectorKernels.scaleSums(X, y, z, out, HIDDEN, 15), "scales");

                var search = new ArrayList<>(VectorKernels.argMax(out, 100, 7, true));
                search.addAll(VectorKernels.argMax(z, HIDDEN, 7, false));
                check(bench, shape, search, "arg-max");
            }
        }
    }

    private static List<Integer> lengths(int most) {
        var all = new ArrayList<Integer>();
        for (int n = 1; n <= most; n++) all.add(n);
        return all;
    }

    private void check(VectorBench bench, VectorShape shape, List<VectorPass> passes, String what) {
        bench.run(passes);
        bench.compare(shape.rows(), what + ", -Dlutra.seed=" + seed);
    }
}
