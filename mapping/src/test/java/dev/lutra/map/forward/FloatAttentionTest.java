// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.lib.fp.FloatArithmetic;
import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.machine.UserException;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.RopePairing;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Keys and values that are kept as binary16. */
class FloatAttentionTest {
    private static final LlamaConfig CONFIG =
            RandomModel.of(RopePairing.ADJACENT, 4, 2, 6, true, 160, 1).config();

    private static float[] halves(float[] x) {
        float[] halves = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            long bits = new FloatArithmetic(FloatFormat.BINARY32)
                    .convert(Float.floatToRawIntBits(x[i]) & 0xFFFF_FFFFL, FloatFormat.BINARY16);
            halves[i] = (float) FloatFormat.BINARY16.decode(bits);
        }
        return halves;
    }

    /** The same as of the numbers nearest to them, but for the position itself, whose numbers are those that it came with. */
    @Test
    void positionsBeforeAreRounded() {
        Random random = new Random(7);
        var rounding = new FloatAttention(CONFIG, true);
        KvCache kept = new KvCache(CONFIG);
        for (int position = 0; position < 12; position++) {
            float[] qkv = new float[CONFIG.queryWidth() + 2 * CONFIG.kvWidth()];
            for (int i = 0; i < qkv.length; i++) {
                qkv[i] = (float) Math.scalb(random.nextGaussian(), -random.nextInt(24));
            }
            KvCache exact = new KvCache(CONFIG);
            exact.reserve(position + 1);
            for (int i = 0; i < position * CONFIG.kvWidth(); i++) {
                exact.keys(1)[i] = kept.keys(1)[i];
                exact.values(1)[i] = kept.values(1)[i];
            }
            exact.advance(position);
            kept.reserve(1);
            assertThat(rounding.mix(1, kept, new float[][] {qkv}))
                    .isDeepEqualTo(new FloatAttention(CONFIG, false).mix(1, exact, new float[][] {qkv}));
            kept.advance(1);
            int from = position * CONFIG.kvWidth();
            int to = from + CONFIG.kvWidth();
            int key = CONFIG.queryWidth();
            int value = key + CONFIG.kvWidth();
            assertThat(Arrays.copyOfRange(kept.keys(1), from, to))
                    .isEqualTo(halves(Arrays.copyOfRange(qkv, key, value)))
                    .isNotEqualTo(Arrays.copyOfRange(qkv, key, value));
            assertThat(Arrays.copyOfRange(kept.values(1), from, to))
                    .isEqualTo(halves(Arrays.copyOfRange(qkv, value, qkv.length)));
        }
    }

    @Test
    void keysBeyondBinary16AreBadInput() {
        for (float beyond : new float[] {65520, Float.NaN}) {
            float[][] qkv = {new float[CONFIG.queryWidth() + 2 * CONFIG.kvWidth()]};
            qkv[0][CONFIG.queryWidth()] = beyond;
            KvCache cache = new KvCache(CONFIG);
            cache.reserve(1);
            assertThatThrownBy(() -> new FloatAttention(CONFIG, true).mix(1, cache, qkv))
                    .isInstanceOf(UserException.class)
                    .hasMessageContainingAll("layer 1", Float.toString(beyond), "FP16");
        }
    }
}
