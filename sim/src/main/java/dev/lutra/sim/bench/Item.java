// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import java.util.Arrays;
import java.util.StringJoiner;

/**
 * What crosses a handshake: the payload's ports in order, each as {@code ceil(width / 64)} words, the least significant first, the
 * last extended to 64 bits by the sign of its type, as in {@link dev.lutra.sim.Batch}. A port of at most 64 bits is one word: its
 * value.
 */
public final class Item {
    private final long[] words;

    private Item(long[] words) {
        this.words = words;
    }

    public static Item of(long... words) {
        return new Item(words.clone());
    }

    /** A word; of a payload of narrow ports, the value of that port. */
    public long get(int word) {
        return words[word];
    }

    public int size() {
        return words.length;
    }

    long[] words() {
        return words;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Item that && Arrays.equals(words, that.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    /** {@code 5}, or {@code (5, -1)}. */
    @Override
    public String toString() {
        if (words.length == 1) {
            return Long.toString(words[0]);
        }
        var text = new StringJoiner(", ", "(", ")");
        for (long word : words) {
            text.add(Long.toString(word));
        }
        return text.toString();
    }
}
