// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorPass.Factor;
import dev.lutra.machine.VectorPass.Function;
import dev.lutra.machine.VectorPass.Reduction;
import dev.lutra.pe.vector.VectorDraw.Kept;
import dev.lutra.pe.vector.VectorModel;
import java.util.Arrays;

/**
 * The token that a device with a vector unit draws, as docs/engines/vector.md defines it: integers in proportion to probabilities, of which the greatest stay, and the
 * first token whose cumulative sum is above a share of all. Sums of these are exact, so that they are plain integers here.
 */
final class DrawnToken {
    private static final float MAGIC = 0x1p23f;
    private static final int SCALE = 1;

    private DrawnToken() {}

    /**
     * @param unit with the order in which it adds up, and room for the logits from row 0 on
     * @param index of the number in {@code draws}
     */
    static int of(VectorModel unit, float[] logits, float greatest, Draws draws, int index) {
        float shift = -greatest * draws.inverse();
        float[] exponentials = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            exponentials[i] = VectorModel.apply(Function.EXPONENTIAL, logits[i] * draws.inverse() + shift);
        }
        unit.put(0, exponentials);
        unit.run(VectorPass.load(SCALE, 0x1p-22f));
        unit.run(VectorPass.of(0, logits.length)
                .times(Factor.SCALAR, SCALE)
                .function(Function.RECIPROCAL)
                .reduced(Reduction.SUM, SCALE));
        float scale = Float.intBitsToFloat(unit.scalar(SCALE));
        int[] weights = new int[logits.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (int) (exponentials[i] * scale + MAGIC - MAGIC);
        }
        int least = least(weights, draws);
        int total = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = weights[i] < least ? 0 : weights[i];
            total += weights[i];
        }
        float share = total * draws.uniforms()[index];
        int below = 0;
        for (int i = 0; i < weights.length; i++) {
            below += weights[i];
            if (below > share) {
                return i;
            }
        }
        throw new IllegalArgumentException("logits that are no numbers, or a share of all and more");
    }

    /** The least weight that is kept: with it and all that are greater, there are so many or they have so much of the sum as the limit says. */
    private static int least(int[] weights, Draws draws) {
        int[] sorted = weights.clone();
        Arrays.sort(sorted);
        if (draws.kept() == Kept.BEST) {
            return sorted[Math.max(0, sorted.length - (int) draws.limit())];
        }
        float wanted = Arrays.stream(sorted).sum() * draws.limit();
        int at = sorted.length - 1;
        for (int sum = sorted[at]; sum < wanted; sum += sorted[at]) {
            at--;
        }
        return sorted[at];
    }
}
