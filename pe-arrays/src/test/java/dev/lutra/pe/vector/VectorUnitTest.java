// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorShape;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.RequireException;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random passes on the hardware: the bits of the model in the cycles of the formula. */
class VectorUnitTest {
    private static final int ROWS = 32;

    private static int bits(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextInt(400) - 200;
            case 2 ->
                new int[] {0, 0x80000000, 0x7F800000, 0xFF800000, 0x7FC00000, 0xFFC00001, 1, 0x80400000, 0x7F7FFFFF}
                        [random.nextInt(9)];
            case 3 -> Float.floatToIntBits(random.nextInt(9) - 4);
            default -> Float.floatToIntBits((float) (random.nextGaussian() * Math.scalb(1.0, random.nextInt(12) - 4)));
        };
    }

    @Engines
    void randomPasses(EngineKind engine) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        boolean deep = Boolean.getBoolean("lutra.deep");
        // Compiling many lanes takes Verilator's compiler minutes.
        int[] lanes = !deep
                ? new int[] {1, 4}
                : engine == EngineKind.EMBEDDED ? new int[] {1, 2, 4, 8, 16, 32} : new int[] {1, 4, 8};
        int sequences = !deep ? 4 : engine == EngineKind.ICARUS ? 3 : 60;
        for (int l : lanes) {
            var shape = new VectorShape(l, ROWS);
            var random = new Random(seed + l);
            try (var bench = new VectorBench(engine, shape)) {
                for (int i = 0; i < sequences; i++) {
                    for (int row = 0; row < ROWS; row++) {
                        for (int lane = 0; lane < l; lane++) bench.model().set(row, lane, bits(random));
                        bench.put(row);
                    }
                    var passes = new ArrayList<VectorPass>();
                    for (int s = 0; s < VectorShape.SCALARS; s++) {
                        passes.add(VectorPass.load(s, Float.intBitsToFloat(bits(random))));
                    }
                    bench.run(passes);
                    var some = new RandomPasses(shape, random.nextInt(3) == 0 ? 12 : 4, random).next(16);
                    String about = "%d lanes, sequence %d, -Dlutra.seed=%d: %s".formatted(l, i, seed, some);
                    bench.run(some);
                    bench.compare(ROWS, about);
                }
                String about = "%d lanes, -Dlutra.seed=%d".formatted(l, seed);
                for (int i = 0; i < sequences; i++) {
                    plainNumbers(bench, shape, random);
                    var forms = new RandomPasses(shape, 4, random).forms(12);
                    bench.run(forms);
                    bench.compare(ROWS, about + ": " + forms);
                }
                plainSums(bench, shape, random, about);
            }
        }
    }

    /** Numbers of like size: among random bits one NaN makes a sum NaN. */
    private static void plainNumbers(VectorBench bench, VectorShape shape, Random random) {
        for (int row = 0; row < ROWS; row++) {
            for (int lane = 0; lane < shape.lanes(); lane++) {
                bench.model().set(row, lane, Float.floatToIntBits((float) random.nextGaussian()));
            }
            bench.put(row);
        }
    }

    /** Sums of numbers of like size, whose bits depend on the order. */
    private static void plainSums(VectorBench bench, VectorShape shape, Random random, String about) {
        plainNumbers(bench, shape, random);
        var passes = new ArrayList<VectorPass>();
        for (int s = 0; s < 2 * VectorShape.SCALARS; s++) {
            int length = 1 + random.nextInt(12 * shape.lanes());
            var pass = VectorPass.of(random.nextInt(ROWS), length).times(VectorPass.Factor.ITSELF, 0);
            var sum = pass.reduced(VectorPass.Reduction.SUM, s / 2);
            passes.add((s % 2 == 0 ? sum : sum.kept()).after(VectorPass.After.ALL));
        }
        bench.run(passes);
        bench.compare(ROWS, about + ": " + passes);
    }

    /** The longest vector there is: all elements are the same but the last one. */
    @Test
    void theLongestVector() {
        int length = 65_535;
        var shape = new VectorShape(16, 4096);
        try (var bench = new VectorBench(EngineKind.EMBEDDED, shape)) {
            bench.run(List.of(
                    VectorPass.load(3, 1.25f),
                    VectorPass.of(0, length).plus(VectorPass.Addend.SCALAR, 3).to(0),
                    VectorPass.ofScalar(3).plus(VectorPass.Addend.SCALAR, 3).to(4095),
                    VectorPass.of(0, length).reduced(VectorPass.Reduction.SUM, 4),
                    VectorPass.of(0, length).reduced(VectorPass.Reduction.ARGUMENT, 5)));
            bench.compare(4096, "the longest vector");
            assertThat(bench.model().scalar(6)).isEqualTo(4095 * 16);
        }
    }

    /** Results go to even and odd rows in turn, and rows from outside to those of the other half: one of each a cycle. */
    @Test
    void rowsComeInBesideResults() {
        var shape = new VectorShape(4, ROWS);
        try (var bench = new VectorBench(EngineKind.EMBEDDED, shape)) {
            plainNumbers(bench, shape, new Random(7));
            int count = ROWS / 2;
            for (int row = count; row < ROWS; row++) {
                for (int lane = 0; lane < shape.lanes(); lane++) bench.model().set(row, lane, row * 10 + lane);
            }
            var pass = VectorPass.of(0, count * shape.lanes())
                    .times(VectorPass.Factor.ITSELF, 0)
                    .to(0);
            assertThat(bench.putBeside(pass, count, count)).isLessThanOrEqualTo(count + 1);
            bench.compare(ROWS, pass);
        }
    }

    /** A pass that says it needs to wait for less than it does stops the simulation. */
    @Test
    void whatIsUnderWayIsNotRead() {
        var shape = new VectorShape(4, ROWS);
        var write = VectorPass.of(0, 16).to(8).reduced(VectorPass.Reduction.MAXIMUM, 3);
        for (var early : List.of(
                VectorPass.of(11, 4).to(20).after(VectorPass.After.NOTHING),
                VectorPass.of(0, 4).plusVector(9).to(20).after(VectorPass.After.NOTHING),
                // A row ahead of its own.
                VectorPass.of(9, 12).to(20).after(VectorPass.After.ROWS),
                VectorPass.of(8, 16).swapped(8).to(20).after(VectorPass.After.ROWS),
                VectorPass.of(8, 8)
                        .plusVector(0)
                        .y(0, 0)
                        .reduced(VectorPass.Reduction.PAIRS, 0)
                        .to(20)
                        .after(VectorPass.After.ROWS),
                VectorPass.of(0, 16).timesSpread(9, 16).to(20).after(VectorPass.After.NOTHING),
                VectorPass.of(0, 4).times(VectorPass.Factor.SCALAR, 3).to(20).after(VectorPass.After.ROWS),
                VectorPass.ofScalar(3).to(20).after(VectorPass.After.NOTHING))) {
            try (var bench = new VectorBench(EngineKind.EMBEDDED, shape)) {
                for (int row = 0; row < ROWS; row++) bench.put(row);
                assertThatThrownBy(() -> bench.run(List.of(write, early)))
                        .as("%s", early)
                        .isInstanceOf(RequireException.class)
                        .hasMessageContaining("is read before it is written");
            }
            try (var bench = new VectorBench(EngineKind.EMBEDDED, shape)) {
                bench.run(List.of(write, early.after(VectorPass.After.ALL)));
            }
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        var pass = VectorPass.of(0, 8);
        assertThatThrownBy(() -> VectorPass.of(0, 0)).hasMessageContaining("0 elements: 1..65535");
        assertThatThrownBy(() -> VectorPass.ofIntegers(0, 8).signed(VectorPass.Sign.NEGATED))
                .hasMessageContaining("integers keep their signs");
        assertThatThrownBy(() -> VectorPass.ofScalar(1).swapped(1)).hasMessageContaining("do not change places");
        assertThatThrownBy(() -> pass.to(3).reduced(VectorPass.Reduction.SUM, 0))
                .hasMessageContaining("writes no FLOAT");
        assertThatThrownBy(() -> pass.reduced(VectorPass.Reduction.ARGUMENT, 15))
                .hasMessageContaining("after 15");
        assertThatThrownBy(() -> pass.times(VectorPass.Factor.SCALAR, 16)).hasMessageContaining("register 16: 0..15");
        assertThatThrownBy(() -> pass.reduced(VectorPass.Reduction.PAIRS, 0))
                .hasMessageContaining("are multiplied, added");
        assertThatThrownBy(() -> pass.reduced(VectorPass.Reduction.PARTS, 14)).hasMessageContaining("2^14 parts of 8");
        assertThatThrownBy(() -> pass.repeated(3, 4)).hasMessageContaining("each 3 times: powers of two");
        assertThatThrownBy(() -> pass.swapped(1).repeated(2, 4)).hasMessageContaining("where elements change places");
        assertThatThrownBy(() -> pass.timesSpread(0, 2).y(0, 3)).hasMessageContaining("has no period");
        assertThatThrownBy(() -> pass.orLess(0).reduced(VectorPass.Reduction.FIRST, 0))
                .hasMessageContaining("to no register by FIRST");
        assertThatThrownBy(() -> VectorCommand.values(new VectorShape(8, 16), pass.swapped(12)))
                .hasMessageContaining("12 apart on 8 lanes");
        assertThatThrownBy(() -> VectorCommand.values(new VectorShape(8, 16), pass.to(16)))
                .hasMessageContaining("row 16 of 0..15");
        var model = new VectorModel(new VectorShape(4, 16));
        assertThatThrownBy(() -> model.run(VectorPass.of(1, 8).to(2))).hasMessageContaining("rows that it has written");
        assertThatThrownBy(() -> new VectorShape(12, 16)).hasMessageContaining("12 lanes");
        assertThatThrownBy(() -> new VectorShape(8, 100)).hasMessageContaining("100 rows");
        assertThat(new VectorShape(8, 16).rowsOf(17)).isEqualTo(3);
    }
}
