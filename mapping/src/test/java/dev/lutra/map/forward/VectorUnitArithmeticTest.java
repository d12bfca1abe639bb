// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorShape;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.RopePairing;
import dev.lutra.pe.vector.VectorKernels;
import dev.lutra.pe.vector.VectorModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The vector unit's arithmetic against the host's, in the sizes of stories260K: how far apart they may be, and what has the same bits. Hardware has the bits of the
 * model ({@code VectorKernelsTest}).
 */
class VectorUnitArithmeticTest {
    private static final int WIDTH = 64;
    private static final int HIDDEN = 172;
    private static final int HEAD = 8;
    private static final int X = 0;
    private static final int Y = 200;
    private static final int Z = 400;
    private static final int OUT = 600;

    private final long seed = Long.getLong("lutra.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final List<VectorModel> models = new ArrayList<>();
    private final List<VectorShape> shapes = new ArrayList<>();

    VectorUnitArithmeticTest() {
        for (int lanes = 1; lanes <= 32; lanes *= 2) {
            var shape = new VectorShape(lanes, 1024);
            shapes.add(shape);
            models.add(new VectorModel(shape));
        }
    }

    private float[] vector(int n, double size) {
        float[] v = new float[n];
        for (int i = 0; i < n; i++) v[i] = (float) (random.nextGaussian() * size);
        return v;
    }

    private interface Use {
        void of(VectorModel model, VectorShape shape);
    }

    private void each(Use use) {
        for (int i = 0; i < models.size(); i++) {
            for (int again = 0; again < 20; again++) use.of(models.get(i), shapes.get(i));
        }
    }

    private static void run(VectorModel model, List<VectorPass> passes) {
        passes.forEach(model::run);
    }

    private void near(float[] actual, float[] wanted, double relative, String what) {
        for (int i = 0; i < wanted.length; i++) {
            double error = Math.abs((double) actual[i] - wanted[i]);
            assertThat(error)
                    .as("%s, element %d: %s, %s on the host; -Dlutra.seed=%d", what, i, actual[i], wanted[i], seed)
                    .isLessThanOrEqualTo(relative * Math.abs(wanted[i]));
        }
    }

    /** The sum of squares has all the error, 64 terms in another order. */
    @Test
    void rmsNorm() {
        each((model, shape) -> {
            float[] x = vector(WIDTH, 3);
            float[] gain = vector(WIDTH, 1);
            model.put(X, x);
            model.put(Y, gain);
            model.run(VectorPass.load(10, 1f / WIDTH));
            model.run(VectorPass.load(11, 1e-5f));
            run(model, VectorKernels.rmsNorm(X, Y, OUT, WIDTH, 0, 10, 11));
            near(model.take(OUT, WIDTH), FloatMath.rmsNorm(x, gain, 1e-5f), 0x1p-20, "RMSNorm");
        });
    }

    @Test
    void rotaryEmbeddingIsTheHosts() {
        for (var pairing : RopePairing.values()) {
            var config =
                    new LlamaConfig(WIDTH, HIDDEN, 1, 8, 4, HEAD, 32, 64, 10_000f, pairing, 1e-5f, true, 1, List.of(2));
            var rotary = new Rotary(config);
            boolean adjacent = pairing == RopePairing.ADJACENT;
            int half = HEAD / 2;
            each((model, shape) -> {
                float[] angles = rotary.angles(random.nextInt(64));
                int repeated = Math.max(HEAD, shape.lanes());
                float[] cos = new float[repeated];
                float[] sin = new float[repeated];
                for (int i = 0; i < repeated; i++) {
                    int at = i % HEAD;
                    int pair = adjacent ? at / 2 : at % half;
                    boolean second = adjacent ? at % 2 == 1 : at >= half;
                    cos[i] = angles[pair];
                    sin[i] = second ? angles[half + pair] : -angles[half + pair];
                }
                float[] x = vector(WIDTH, 2);
                model.put(X, x);
                model.put(Y, cos);
                model.put(Z, sin);
                int period = repeated / shape.lanes();
                run(model, VectorKernels.rotary(X, Y, Z, period, adjacent ? 1 : half, OUT, X, WIDTH));
                rotary.turn(x, 0, WIDTH / HEAD, angles);
                assertThat(model.take(X, WIDTH)).as("seed %d", seed).isEqualTo(x);
            });
        }
    }

    /** In one part and in two, of every length. */
    @Test
    void softmax() {
        for (int n = 1; n <= 64; n++) {
            int length = n;
            each((model, shape) -> {
                float[] x = vector(length, 8);
                float scale = 1 / (float) Math.sqrt(HEAD);
                model.put(X, x);
                model.run(VectorPass.load(14, scale));
                model.run(VectorPass.load(1, Float.NEGATIVE_INFINITY));
                model.run(VectorPass.load(2, 0));
                int rows = shape.rowsOf(length);
                int first = rows == 1 ? length : rows / 2 * shape.lanes();
                run(model, VectorKernels.softmaxPart(X, first, 14, 1));
                if (first < length) {
                    run(model, VectorKernels.softmaxPart(X + first / shape.lanes(), length - first, 14, 1));
                    run(
                            model,
                            List.of(VectorPass.of(X, first)
                                    .times(VectorPass.Factor.SCALAR, 3)
                                    .to(X)));
                }
                run(model, VectorKernels.divide(X, length, 2));
                float[] wanted = x.clone();
                for (int i = 0; i < length; i++) wanted[i] *= scale;
                FloatMath.softmax(wanted, length);
                near(model.take(X, length), wanted, 0x1p-18, "softmax of " + length);
            });
        }
    }

    @Test
    void siluGate() {
        each((model, shape) -> {
            float[] both = vector(2 * HIDDEN, 4);
            model.put(X, java.util.Arrays.copyOf(both, HIDDEN));
            model.put(Y, java.util.Arrays.copyOfRange(both, HIDDEN, 2 * HIDDEN));
            model.run(VectorPass.load(13, 1));
            run(model, VectorKernels.siluGate(X, Y, Z, OUT, HIDDEN, 13));
            near(model.take(OUT, HIDDEN), FloatMath.siluGate(both), 0x1p-20, "SiLU gate");
        });
    }

    @Test
    void additionAndScalesAreTheHosts() {
        each((model, shape) -> {
            float[] x = vector(HIDDEN, 4);
            float[] y = vector(HIDDEN, 0.01);
            model.put(X, x);
            model.put(Y, y);
            run(model, VectorKernels.add(X, Y, OUT, HIDDEN));
            float[] wanted = x.clone();
            FloatMath.add(wanted, y);
            assertThat(model.take(OUT, HIDDEN)).isEqualTo(wanted);

            float act = Math.abs(x[0]);
            for (int i = 0; i < HIDDEN; i++) {
                int sum = random.nextInt() >> random.nextInt(31);
                model.set(X, i, sum);
                wanted[i] = (float) sum * (act * y[i]);
            }
            model.run(VectorPass.load(9, act));
            run(model, VectorKernels.scaleSums(X, Y, Y, OUT, HIDDEN, 9));
            assertThat(model.take(OUT, HIDDEN)).isEqualTo(wanted);
        });
    }

    /** The device divides by a reciprocal: now and then a number near a half goes the other way, and no other does. */
    @Test
    void quantisation() {
        int different = 0;
        for (int k = 0; k < 6; k++) {
            var model = models.get(k);
            for (int again = 0; again < 100; again++) {
                float[] x = vector(HIDDEN, Math.scalb(1.0, random.nextInt(-24, 8)));
                model.put(X, x);
                model.run(VectorPass.load(12, 1f / 127));
                run(model, VectorKernels.quantise(X, Z, HIDDEN, 5, 12));
                var host = Int8Row.of(x);
                float scale = Float.intBitsToFloat(model.scalar(5));
                assertThat(Math.abs(scale - host.scale())).isLessThanOrEqualTo(Math.ulp(host.scale()));
                for (int i = 0; i < HIDDEN; i++) {
                    int actual = model.get(Z, i);
                    if (actual == host.values()[i]) continue;
                    different++;
                    double exact = x[i] / (double) host.scale();
                    assertThat(Math.abs(exact - (actual + host.values()[i]) / 2.0))
                            .as("%s: %d, %d on the host; -Dlutra.seed=%d", x[i], actual, host.values()[i], seed)
                            .isLessThan(1e-4);
                }
            }
        }
        assertThat(different).as("of 103,200").isLessThan(30);
    }

    @Test
    void argMaxIsTheFirstOfTheGreatest() {
        each((model, shape) -> {
            float[] x = vector(HIDDEN, 1);
            int at = random.nextInt(HIDDEN);
            x[at] = 9;
            x[Math.min(HIDDEN - 1, at + random.nextInt(20))] = 9;
            model.put(X, x);
            model.put(Y, x);
            run(model, VectorKernels.argMax(X, HIDDEN, 6, true));
            run(model, VectorKernels.argMax(Y, HIDDEN, 6, false));
            assertThat(model.scalar(7)).isEqualTo(at);
            assertThat(model.scalar(6)).isEqualTo(Float.floatToIntBits(9));
        });
    }
}
