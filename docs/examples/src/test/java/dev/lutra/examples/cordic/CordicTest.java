// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.cordic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.Batch;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results against those of java.lang.Math, within the bounds that {@link Precision} states. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class CordicTest {
    private static final int ROWS = 4096;

    private final EngineKind engine;

    CordicTest(EngineKind engine) {
        this.engine = engine;
    }

    /** The angle between two angles in half turns. */
    private static double turned(double from, double to) {
        double difference = to - from;
        return Math.abs(difference - 2 * Math.rint(difference / 2));
    }

    /** Every angle, of the vector that makes cosine and sine. */
    @Test
    void everyAngle() {
        var precision = new Precision(11, 12);
        long one = (1 << 11) - 1;
        long[][] rows = new long[1 << 13][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new long[] {one, 0, i - (1 << 12)};
        }
        double worst = rotate(precision, rows);
        assertThat(worst * (1 << 11)).isBetween(0.7, 1.5);
        assertThat(precision.rotateError() * (1 << 11)).isLessThan(1.5);
    }

    @ParameterizedTest
    @CsvSource({"4, 6", "15, 16", "20, 23", "24, 24"})
    void randomRotations(int fraction, int angleFraction) {
        var precision = new Precision(fraction, angleFraction);
        var random = new SplittableRandom(fraction);
        long[][] rows = new long[20_000][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new long[] {
                value(random, fraction), value(random, fraction), value(random, angleFraction),
            };
        }
        double worst = rotate(precision, rows);
        assertThat(Math.scalb(worst, fraction)).isGreaterThan(0.6); // the bound is not an empty one
        assertThat(Math.scalb(precision.rotateError(), fraction)).isLessThan(1.5);
    }

    /** Any number of sfix(1, fraction), the ends more often. */
    private static long value(SplittableRandom random, int fraction) {
        long span = 1L << fraction;
        return switch (random.nextInt(8)) {
            case 0 -> -span;
            case 1 -> span - 1;
            case 2 -> random.nextInt(-3, 4);
            default -> random.nextLong(-span, span);
        };
    }

    /** The largest error of a coordinate. */
    private double rotate(Precision precision, long[][] rows) {
        Elaboration<Rotate> design = Circuit.of(() -> new Rotate(precision));
        Rotate top = design.top();
        double worst = 0;
        double unit = Math.scalb(1.0, -precision.fraction());
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            long[][] results = run(
                    sim,
                    sim.batch(
                            List.of(top.x, top.y, top.angle, top.valid),
                            List.of(top.turnedX, top.turnedY, top.turnedValid),
                            ROWS),
                    rows,
                    top.latency());
            for (int i = 0; i < rows.length; i++) {
                double x = rows[i][0] * unit;
                double y = rows[i][1] * unit;
                double angle = Math.scalb((double) rows[i][2], -precision.angleFraction()) * Math.PI;
                double errorX = results[i][0] * unit - (x * Math.cos(angle) - y * Math.sin(angle));
                double errorY = results[i][1] * unit - (x * Math.sin(angle) + y * Math.cos(angle));
                double error = Math.max(Math.abs(errorX), Math.abs(errorY));
                assertThat(error).as("(%f, %f) by %f", x, y, angle).isLessThanOrEqualTo(precision.rotateError());
                worst = Math.max(worst, error);
            }
        }
        return worst;
    }

    @ParameterizedTest
    @CsvSource({"4, 6", "15, 16", "20, 23", "24, 24"})
    void randomPolarCoordinates(int fraction, int angleFraction) {
        var precision = new Precision(fraction, angleFraction);
        var random = new SplittableRandom(fraction);
        long[][] rows = new long[20_000][];
        for (int i = 0; i < rows.length; i++) {
            int shorter = random.nextInt(fraction);
            rows[i] = new long[] {value(random, fraction) >> shorter, value(random, fraction) >> shorter};
        }
        polar(precision, rows);
        double unit = Math.scalb(1.0, -fraction);
        assertThat(precision.lengthError(1) / unit).isLessThan(1.0);
        assertThat(Math.scalb(precision.angleError(1), angleFraction))
                .isLessThan(1.0 + Math.scalb(1.0, angleFraction - fraction));
    }

    /** Every vector of a small square. */
    @Test
    void everyVector() {
        var precision = new Precision(6, 8);
        long[][] rows = new long[1 << 14][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new long[] {(i & 127) - 64, (i >> 7) - 64};
        }
        polar(precision, rows);
    }

    private void polar(Precision precision, long[][] rows) {
        Elaboration<Polar> design = Circuit.of(() -> new Polar(precision));
        Polar top = design.top();
        double unit = Math.scalb(1.0, -precision.fraction());
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            long[][] results = run(
                    sim,
                    sim.batch(List.of(top.x, top.y, top.valid), List.of(top.length, top.angle, top.polarValid), ROWS),
                    rows,
                    top.latency());
            for (int i = 0; i < rows.length; i++) {
                double x = rows[i][0] * unit;
                double y = rows[i][1] * unit;
                String where = "(" + rows[i][0] + ", " + rows[i][1] + ")";
                double length = Math.hypot(x, y);
                if (length == 0) {
                    assertThat(results[i][0]).as(where).isZero();
                    continue;
                }
                assertThat(Math.abs(results[i][0] * unit - length))
                        .as("length of " + where)
                        .isLessThanOrEqualTo(precision.lengthError(length));
                double angle = Math.scalb((double) results[i][1], -precision.angleFraction());
                assertThat(turned(angle, Math.atan2(y, x) / Math.PI))
                        .as("angle of " + where)
                        .isLessThanOrEqualTo(precision.angleError(length));
            }
        }
    }

    /** Rows through the pipeline, a row a cycle; the last input says that there is one, the last output the same. */
    private static long[][] run(Simulator sim, Batch batch, long[][] rows, int latency) {
        long[][] results = new long[rows.length][];
        int outputs = 3;
        for (int start = 0; start < rows.length + latency; start += ROWS) {
            int count = Math.min(ROWS, rows.length + latency - start);
            for (int i = 0; i < count; i++) {
                boolean real = start + i < rows.length;
                int inputs = rows[0].length;
                for (int k = 0; k < inputs; k++) {
                    batch.set(i, k, real ? rows[start + i][k] : 0);
                }
                batch.set(i, inputs, real ? 1 : 0);
            }
            batch.run(count);
            for (int i = 0; i < count; i++) {
                int from = start + i - latency;
                assertThat(batch.get(i, outputs - 1)).isEqualTo(from >= 0 ? 1 : 0);
                if (from >= 0) {
                    results[from] = new long[] {batch.get(i, 0), batch.get(i, 1)};
                }
            }
        }
        return results;
    }

    @Test
    void badPrecisionIsRefused() {
        assertThatThrownBy(() -> new Precision(3, 12)).hasMessage("CORDIC with 3 and 12 fraction bits: 4 to 40");
    }
}
