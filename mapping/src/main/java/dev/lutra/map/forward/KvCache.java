// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.quant.KvPage;
import dev.lutra.map.quant.WeightFormat;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Keys and values of the positions seen so far; grows as positions come. It holds them as its attention asks: floats,
 * [layer][position][kvHeads x headDim] each, or pages of codes per layer and head.
 */
public final class KvCache {
    private static final int FIRST_POSITIONS = 16;

    private final int width;
    private final int headDim;
    private final int context;
    private final float[][] keys;
    private final float[][] values;
    private final Map<KvBackend.Place, KvPage> pages = new HashMap<>();
    private int length;
    private int reserved;

    /** An empty cache for a model. */
    public KvCache(LlamaConfig config) {
        width = config.kvWidth();
        headDim = config.headDim();
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
        reserved = needed;
    }

    private float[] grown(float[] held) {
        if (held.length / width >= reserved) {
            return held;
        }
        int room = (int) Math.min(context, Math.max(Math.max(FIRST_POSITIONS, reserved), 2L * (held.length / width)));
        return Arrays.copyOf(held, Math.multiplyExact(room, width));
    }

    void advance(int count) {
        length += count;
    }

    float[] keys(int layer) {
        return keys[layer] = grown(keys[layer]);
    }

    float[] values(int layer) {
        return values[layer] = grown(values[layer]);
    }

    /** The page of codes of a place, empty at first. */
    KvPage page(KvBackend.Place place, WeightFormat format) {
        return pages.computeIfAbsent(place, p -> new KvPage(format, headDim));
    }
}
