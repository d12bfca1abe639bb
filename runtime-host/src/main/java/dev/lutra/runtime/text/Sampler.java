// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.text;

import static dev.lutra.machine.UserException.badInput;

import dev.lutra.map.forward.Draws;
import dev.lutra.map.program.Choosing;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Chooses the next token from logits: greedy at temperature 0, else of the softmax at that temperature, from the k most likely ones (top-k, arXiv 1805.04833) and the
 * nucleus (top-p, arXiv 1904.09751) of these.
 *
 * <p>The same seed and logits give the same tokens on every machine: exponentials are {@code StrictMath}'s, and the generator is
 * SplitMix64 (state += 0x9E3779B97F4A7C15; z = (z ^ z >>> 30) 0xBF58476D1CE4E5B9; z = (z ^ z >>> 27) 0x94D049BB133111EB; z ^ z >>> 31), of
 * which the upper 53 bits make a number in [0, 1).
 */
public final class Sampler {
    private static final int MOST_TOP_K = 65_536;

    /** The least temperature by which a device draws. */
    private static final double COLDEST = 0.001;

    /** Of a uniform number of a device. */
    private static final int DRAWN_BITS = 23;

    /** What a smaller one keeps, too: a device's weights are about 2^22 in all, and the greatest one is 1 or more. */
    private static final double SMALLEST_NUCLEUS = 0x1p-22;

    private final double temperature;
    private final int topK;
    private final double topP;
    private long state;

    /**
     * @param temperature 0 for greedy; else logits are divided by it
     * @param topK tokens to choose from, the most likely ones, up to 65536; 0 for all
     * @param topP probability mass of the nucleus, above 0 up to 1; 1 keeps all tokens
     * @param seed first state of the generator
     * @throws dev.lutra.machine.UserException if a value is out of range
     */
    public Sampler(double temperature, int topK, double topP, long seed) {
        if (!(temperature >= 0 && temperature <= 1000)) {
            throw badInput("temperature " + temperature + " is not in 0 .. 1000", "0 is greedy, 0.7 is usual");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw badInput("top-p " + topP + " is not above 0 and at most 1", "1 keeps all tokens, 0.9 is usual");
        }
        if (topK < 0 || topK > MOST_TOP_K) {
            throw badInput("top-k " + topK + " is not in 0 .. " + MOST_TOP_K, "0 keeps all tokens, 40 is usual");
        }
        this.temperature = temperature;
        this.topK = topK;
        this.topP = topP;
        this.state = seed;
    }

    /** Whether it takes the greatest logit. */
    public boolean isGreedy() {
        return temperature == 0;
    }

    /** How steps of a device have to end so that they choose as this does, but for rounding: with the greatest logit where none can. */
    public Choosing onDevice() {
        boolean both = topK > 0 && topP < 1;
        if (temperature < COLDEST || both) {
            return Choosing.GREATEST;
        }
        if (topP < 1) {
            return Choosing.DRAWN_OF_NUCLEUS;
        }
        return topK == 0 ? Choosing.DRAWN : Choosing.DRAWN_OF_BEST;
    }

    /** How a device draws the next tokens: with the upper 23 bits of a number of the generator for each. */
    public Draws draws(int tokens) {
        float[] uniforms = new float[tokens];
        for (int i = 0; i < tokens; i++) {
            uniforms[i] = (bits() >>> Long.SIZE - DRAWN_BITS) * 0x1p-23f;
        }
        float inverse = (float) (1 / temperature);
        return topP < 1
                ? Draws.ofNucleus(inverse, (float) Math.max(topP, SMALLEST_NUCLEUS), uniforms)
                : Draws.ofBest(inverse, topK == 0 ? MOST_TOP_K : topK, uniforms);
    }

    /**
     * Requires a logit that can be compared with others.
     *
     * @throws dev.lutra.machine.UserException if it is NaN or infinite
     */
    public static void requireNumber(float logit) {
        if (!(logit < Float.POSITIVE_INFINITY)) {
            throw badInput("a logit is " + logit, "the model's weights are damaged; fetch the checkpoint again");
        }
    }

    /** The chosen id; among equal logits the lowest id counts as the better one. */
    public int next(float[] logits) {
        for (float logit : logits) {
            requireNumber(logit);
        }
        return temperature == 0 ? best(logits) : draw(logits);
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    private int draw(float[] logits) {
        double greatest = logits[best(logits)];
        double[] weights = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            weights[i] = StrictMath.exp((logits[i] - greatest) / temperature);
        }
        Integer[] order = new Integer[logits.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -weights[i]));
        int kept = 0;
        double mass = 0;
        int most = topK == 0 ? order.length : Math.min(topK, order.length);
        double total = 0;
        for (int i = 0; i < most; i++) {
            total += weights[order[i]];
        }
        while (kept < most && (kept == 0 || mass < topP * total)) {
            mass += weights[order[kept++]];
        }
        double target = uniform() * mass;
        double sum = 0;
        for (int i = 0; i < kept - 1; i++) {
            sum += weights[order[i]];
            if (target < sum) {
                return order[i];
            }
        }
        return order[kept - 1];
    }

    private double uniform() {
        return (bits() >>> 11) * 0x1p-53;
    }

    private long bits() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
