// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorShape;
import dev.lutra.pe.vector.VectorCycles;
import dev.lutra.pe.vector.VectorDraw;
import dev.lutra.pe.vector.VectorDraw.Kept;
import dev.lutra.pe.vector.VectorKernels;
import dev.lutra.pe.vector.VectorModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens that a device draws: passes against the model of them, and that model against the distribution. */
class DrawnTokenTest {
    private static final int BEST = 8;

    private static float[] logits(Random random, int n, double spread) {
        float[] logits = new float[n];
        for (int i = 0; i < n; i++) {
            logits[i] = (float) (spread * random.nextGaussian());
        }
        return logits;
    }

    private static float greatest(float[] logits) {
        float greatest = logits[0];
        for (float logit : logits) {
            greatest = Math.max(greatest, logit);
        }
        return greatest;
    }

    private static int modelled(float[] logits, Draws draws, int lanes, int index) {
        VectorModel unit = new VectorModel(new VectorShape(lanes, 256));
        return DrawnToken.of(unit, logits, greatest(logits), draws, index);
    }

    private static int passes(float[] logits, Draws draws, int lanes, int index, @Nullable Kept kept) {
        VectorShape shape = new VectorShape(lanes, 1024);
        VectorModel unit = new VectorModel(shape);
        int rows = shape.rowsOf(Math.max(4, logits.length));
        unit.put(0, logits);
        unit.put(3 * rows, new float[] {Float.NaN, draws.uniforms()[index], draws.inverse(), draws.limit()});
        VectorKernels.argMax(0, logits.length, BEST, true).forEach(unit::run);
        var draw = new VectorDraw(shape, logits.length, BEST, 0, 3 * rows, rows, 2 * rows);
        draw.weigh().forEach(unit::run);
        if (kept != null) {
            draw.beforeSearch(kept).forEach(unit::run);
            for (int round = 0; round < VectorDraw.ROUNDS; round++) {
                draw.round(kept).forEach(unit::run);
            }
            draw.afterSearch().forEach(unit::run);
        }
        draw.pick().forEach(unit::run);
        return unit.scalar(BEST + 1);
    }

    /** What docs/engines/vector.md says that a draw takes. */
    @ParameterizedTest
    @CsvSource({"4, 512, 2406, 14740, 14925", "8, 512, 1962, 9780, 9905", "32, 32000, 10396, 85790, 86859"})
    void cyclesOfADraw(int lanes, int n, long plain, long ofBest, long ofNucleus) {
        VectorShape shape = new VectorShape(lanes, 4096);
        VectorDraw draw = new VectorDraw(shape, n, BEST, 0, 1000, 2000, 3000);
        List<VectorPass> passes = new ArrayList<>(draw.weigh());
        passes.addAll(draw.pick());
        assertThat(VectorCycles.of(shape, passes)).isEqualTo(plain);
        assertThat(VectorCycles.of(shape, searching(draw, Kept.BEST))).isEqualTo(ofBest);
        assertThat(VectorCycles.of(shape, searching(draw, Kept.NUCLEUS))).isEqualTo(ofNucleus);
    }

    private static List<VectorPass> searching(VectorDraw draw, Kept kept) {
        List<VectorPass> passes = new ArrayList<>(draw.weigh());
        passes.addAll(draw.beforeSearch(kept));
        for (int round = 0; round < VectorDraw.ROUNDS; round++) {
            passes.addAll(draw.round(kept));
        }
        passes.addAll(draw.afterSearch());
        passes.addAll(draw.pick());
        return passes;
    }

    /** Any number of logits and lanes, equal logits, all temperatures, and the ends of the numbers. */
    @Test
    void passesDrawWhatTheModelDraws() {
        long seed = Long.getLong("lutra.seed", 20);
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            int lanes = 1 << random.nextInt(6);
            int n = 2 + random.nextInt(200);
            float[] logits = logits(random, n, Math.exp(4 * random.nextDouble() - 2));
            for (int i = 0; i < n / 4; i++) {
                logits[random.nextInt(n)] = logits[random.nextInt(n)];
            }
            if (random.nextInt(4) == 0) {
                logits[random.nextInt(n)] = Float.NEGATIVE_INFINITY;
            }
            float inverse = (float) Math.exp(14 * random.nextDouble() - 7);
            Kept kept = Arrays.asList(null, Kept.BEST, Kept.NUCLEUS).get(random.nextInt(3));
            float limit = kept == null
                    ? n
                    : kept == Kept.BEST
                            ? 1 + random.nextInt(n + 2)
                            : List.of(1f, 0x1p-22f, random.nextFloat(), 0.9f).get(random.nextInt(4));
            float[] uniforms = {0, 1 - 0x1p-23f, random.nextInt(1 << 23) * 0x1p-23f};
            Draws draws = new Draws(inverse, kept == null ? Kept.BEST : kept, limit, uniforms);
            for (int i = 0; i < uniforms.length; i++) {
                assertThat(passes(logits, draws, lanes, i, kept))
                        .as(
                                "seed %d: %d lanes, %s %s of %s, 1/T %s, number %s",
                                seed, lanes, kept, limit, Arrays.toString(logits), inverse, uniforms[i])
                        .isEqualTo(modelled(logits, draws, lanes, i));
            }
        }
    }

    /** Pearson's chi-square against the softmax in double precision: what a fair draw exceeds once in a thousand. */
    @ParameterizedTest
    @CsvSource({
        "0.7, BEST, 24, 24, 49.73",
        "1.3, BEST, 24, 24, 49.73",
        "1, BEST, 5, 5, 18.47",
        "1, BEST, 1, 1, 0",
        "1, NUCLEUS, 0.7, 7, 22.46"
    })
    void drawsHaveTheDistributionOfTheSoftmax(double temperature, Kept kept, float limit, int tokens, double critical) {
        int draws = 5_000;
        Random random = new Random(6);
        float[] logits = logits(random, 24, 1);
        Integer[] order = new Integer[logits.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Float.compare(logits[b], logits[a]));
        double[] weights = new double[logits.length];
        for (int i = 0; i < tokens; i++) {
            weights[order[i]] = StrictMath.exp(logits[order[i]] / temperature);
        }
        double total = Arrays.stream(weights).sum();
        float[] uniforms = new float[draws];
        for (int i = 0; i < draws; i++) {
            uniforms[i] = random.nextInt(1 << 23) * 0x1p-23f;
        }
        Draws how = new Draws((float) (1 / temperature), kept, limit, uniforms);
        int[] counts = new int[logits.length];
        for (int i = 0; i < draws; i++) {
            counts[modelled(logits, how, 4, i)]++;
        }
        double squares = 0;
        for (int i = 0; i < counts.length; i++) {
            double expected = draws * weights[i] / total;
            if (expected == 0) {
                assertThat(counts[i]).as("token %d, which is not kept", i).isZero();
            } else {
                squares += (counts[i] - expected) * (counts[i] - expected) / expected;
            }
        }
        assertThat(squares).isLessThanOrEqualTo(critical);
    }
}
