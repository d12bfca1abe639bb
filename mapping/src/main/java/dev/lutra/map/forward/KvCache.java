// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.map.model.LlamaConfig;
import java.util.Arrays;

/** Keys and values of the positions seen so far, [layer][position][kvHeads x headDim] each; grows as positions come. */
public final class KvCache {
    private static final int FIRST_POSITIONS = 16;

    private final int width;
    private final int context;
    private final float[][] keys;
    private final float[][] values;
    private int length;

    /** An empty cache for a model. */
    public KvCache(LlamaConfig config) {
        width = config.kvWidth();
        context = config.context();
        keys = new float[config.layers()][];
        values = new float[config.layers()][];
        Arrays.setAll(keys, i -> new float[0]);
        Arrays.setAll(values, i -> new float[0]);
    }

    /** Positions held. */
    public int length() {
        return length;
    }

    /** Forgets all positions from {@code length} on. */
    public void truncate(int length) {
        if (length < 0 || length > this.length) {
            throw new IllegalArgumentException("cannot shorten " + this.length + " positions to " + length);
        }
        this.length = length;
    }

    /** Makes room for {@code count} more positions, of which {@link #advance} is told when they are complete. */
    void reserve(int count) {
        int needed = length + count;
        if (needed > context) {
            throw new IllegalArgumentException(needed + " positions, but the model's context has " + context);
        }
        for (int layer = 0; layer < keys.length; layer++) {
            keys[layer] = grown(keys[layer], needed);
            values[layer] = grown(values[layer], needed);
        }
    }

    private float[] grown(float[] held, int positions) {
        if (held.length / width >= positions) {
            return held;
        }
        int room = (int) Math.min(context, Math.max(Math.max(FIRST_POSITIONS, positions), 2L * (held.length / width)));
        return Arrays.copyOf(held, Math.multiplyExact(room, width));
    }

    void advance(int count) {
        length += count;
    }

    float[] keys(int layer) {
        return keys[layer];
    }

    float[] values(int layer) {
        return values[layer];
    }
}
