// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.pack;

import dev.lutra.machine.BitmapWords;
import java.util.Arrays;

/** Writes words as bitmaps and the codes that are not 0 ({@link BitmapWords}). */
final class BitmapWriter {
    private final BitmapWords layout;
    private final byte[] words;
    private final byte[] out;
    private int unit;

    private BitmapWriter(BitmapWords layout, byte[] words) {
        this.layout = layout;
        this.words = words;
        int count = words.length * Byte.SIZE / (layout.lanes() * layout.bits());
        this.out = new byte[Math.toIntExact(layout.bytes(count, (long) count * layout.lanes()))];
    }

    /**
     * The bytes of some words.
     *
     * @param words one after the other
     */
    static byte[] write(BitmapWords layout, byte[] words) {
        BitmapWriter writer = new BitmapWriter(layout, words);
        int count = words.length * Byte.SIZE / (layout.lanes() * layout.bits());
        for (int word = -BitmapWords.AHEAD; word < count; word++) {
            if (word + BitmapWords.AHEAD < count) {
                writer.bitmap(word + BitmapWords.AHEAD);
            } else {
                writer.unit += layout.bitmapUnits();
            }
            for (int lane = 0; word >= 0 && lane < layout.lanes(); lane++) {
                if (writer.code(word, lane) != 0) {
                    writer.put(writer.code(word, lane));
                }
            }
        }
        return Arrays.copyOf(writer.out, (writer.unit * layout.bits() + Byte.SIZE - 1) / Byte.SIZE);
    }

    private void bitmap(int word) {
        for (int first = 0; first < layout.bitmapUnits() * layout.bits(); first += layout.bits()) {
            int bits = 0;
            for (int i = 0; i < layout.bits() && first + i < layout.lanes(); i++) {
                bits |= code(word, first + i) != 0 ? 1 << i : 0;
            }
            put(bits);
        }
    }

    private int code(int word, int lane) {
        int bit = (word * layout.lanes() + lane) * layout.bits();
        return words[bit / Byte.SIZE] >> bit % Byte.SIZE & (1 << layout.bits()) - 1;
    }

    private void put(int value) {
        int bit = unit++ * layout.bits();
        out[bit / Byte.SIZE] |= (byte) (value << bit % Byte.SIZE);
    }
}
