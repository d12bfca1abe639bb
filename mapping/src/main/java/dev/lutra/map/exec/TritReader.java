// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.Engine;

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

    /** Goes on to the next word; {@code word} is what memory has for it, unless it {@link #rides}. */
    void next(byte[] word) {
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
    }

    private static int digit(int b, int n) {
        int power = 1;
        for (int i = 0; i < n; i++) {
            power *= 3;
        }
        return 3 * (b * power % 256) >> 8;
    }

    /**
     * Sum over the elements of a step of activation times weight.
     *
     * @param first the step's first activation in {@code half}
     */
    long sum(int column, byte[] half, int first) {
        long sum = 0;
        for (int i = 0; i < engine.step(); i++) {
            sum += (long) half[first + i] * (trits[column * engine.step() + i] - 1);
        }
        return sum;
    }
}
