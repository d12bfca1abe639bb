// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

/** Random products for a core of any shape; the same for all engines. */
final class LutCoreScenarios {

    private LutCoreScenarios() {}

    /**
     * A few products one after the other, back to back or with bubbles. Every product is computed by {@link LutCoreModel} too, which must
     * agree with the direct sum; so hardware, model and sum are compared with each other.
     */
    static Slots random(LutCore.Params p, Random random, int products) {
        double bubbles = random.nextInt(3) == 0 ? 0.3 : 0;
        var slots = new Slots(p, random, bubbles);
        slots.idle(random.nextInt(3));
        for (int i = 0; i < products; i++) {
            int bits = random.nextInt(9);
            var code = bits == 0 ? WeightCode.TERNARY : WeightCode.signed(bits);
            int step = p.t() * p.g();
            int k = Math.min(1 + random.nextInt(10 * step), longest(p, code));
            int groupSteps = 1 + random.nextInt(1 + k / step);
            boolean scaled = p.scaled() && random.nextInt(3) > 0;
            int m = 1 + random.nextInt(2 * p.m());
            int n = 1 + random.nextInt(2 * p.n());
            var product = Product.random(random, code, m, n, k, scaled ? groupSteps * step : 0, random.nextInt(3));
            var model = new LutCoreModel(p.g(), p.innerBits(), p.outerBits());
            var weights = model.map(product.weights(), code, product.group());
            assertThat(model.multiply(product.activations(), weights, product.scales()))
                    .isDeepEqualTo(product.expected());
            slots.add(product, groupSteps);
        }
        return slots;
    }

    /** The longest K that the accumulators are sure to hold, in the worst case of the code (and of scales). */
    static int longest(LutCore.Params p, WeightCode code) {
        int inner = p.innerBits() - 1 - code.planes();
        int outer = p.outerBits() - code.planes() - (p.scaled() ? 8 : 0);
        return (int) Math.min(((1L << inner) - 1) / 127, Math.min(((1L << outer) - 1) / 127, 1 << 20));
    }
}
