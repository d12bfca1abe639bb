// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.Engine;
import dev.lutra.machine.WeightPacking;
import java.util.Arrays;

/** Words of packed ternary weights, five out of four; written from {@link Engine#storedWords} and not from the packer or the hardware. */
final class TritReader {
    private final Engine engine;
    private final int[] fifths;
    private final int[] trits;
    private int taken;

    TritReader(Engine engine) {
        this.engine = engine;
        trits = new int[4 * engine.wordBytes()];
        fifths = new int[trits.length];
    }

    /** Starts an instruction. */
    void begin() {
        taken = 0;
    }

    /** Whether the next word is made of the fifth trits of the four before, and not taken from memory. */
    boolean rides() {
        return taken % 5 == 4;
    }

    /** Goes on to the next word: {@code word} is what memory has for it, unless it {@link #rides}, and becomes what the engine's packing has. */
    void decode(byte[] word) {
        if (rides()) {
            System.arraycopy(fifths, 0, trits, 0, trits.length);
        } else {
            int quarter = taken % 5 * word.length;
            for (int b = 0; b < word.length; b++) {
                for (int n = 0; n < 4; n++) {
                    trits[4 * b + n] = digit(word[b] & 0xff, n);
                }
                fifths[quarter + b] = digit(word[b] & 0xff, 4);
            }
        }
        taken++;
        Arrays.fill(word, (byte) 0);
        int each = engine.packing() == WeightPacking.MAPPED_PLANES ? engine.g() : 1;
        for (int i = 0; i < engine.n() * engine.step(); i++) {
            int code = i / each * each;
            for (int plane = 0; plane < 2; plane++) {
                int at = 2 * code + plane * each + i - code;
                word[at / 8] |= (byte) (bit(i, code + each - 1, plane) << at % 8);
            }
        }
    }

    /** Of w in two's complement; or of the plane's offline-mapped code, whose top bit is that of element {@code top}. */
    private int bit(int i, int top, int plane) {
        if (engine.packing() != WeightPacking.MAPPED_PLANES) {
            return trits[i] - 1 >> plane & 1;
        }
        return (i == top ? trits[i] : trits[i] ^ trits[top]) >> plane & 1;
    }

    private static int digit(int b, int n) {
        int power = 1;
        for (int i = 0; i < n; i++) {
            power *= 3;
        }
        return 3 * (b * power % 256) >> 8;
    }
}
