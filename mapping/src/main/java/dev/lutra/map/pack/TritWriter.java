// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.pack;

import dev.lutra.machine.Engine;
import java.util.Arrays;

/** Writes words of ternary weights five in the place of four, a trit of the fifth in each byte ({@link Engine#storedWords}). */
final class TritWriter {
    private static final int BASE = 3;
    private static final int OWN = Engine.PACKED_TRITS - 1;
    private static final int NUMBERS = 243;

    private final Engine engine;
    /** Of each word in memory and byte, the number whose base-3 digits are its trits so far, trit 0 the most significant. */
    private final int[][] numbers;

    private int held;

    TritWriter(Engine engine) {
        this.engine = engine;
        this.numbers = new int[OWN][engine.wordBytes()];
    }

    /**
     * Takes the next word, and writes the words in memory that it completes.
     *
     * @param trits [column][k]
     * @param first k of the step's first element
     * @return bytes written
     */
    int write(int[][] trits, int first, byte[] into, int at) {
        int[] word = new int[OWN * engine.wordBytes()];
        int i = 0;
        for (int[] column : trits) {
            for (int k = first; k < first + engine.step(); k++) {
                word[i++] = column[k];
            }
        }
        if (held == OWN) {
            for (int fifth = 0; fifth < word.length; fifth++) {
                numbers[fifth / engine.wordBytes()][fifth % engine.wordBytes()] += word[fifth];
            }
            return flush(into, at);
        }
        int[] number = numbers[held++];
        Arrays.fill(number, 0);
        for (int b = 0; b < number.length; b++) {
            for (int n = 0; n < OWN; n++) {
                number[b] = (number[b] + word[OWN * b + n]) * BASE;
            }
        }
        return 0;
    }

    /** Writes what is held at the end of an instruction; returns the bytes. */
    int flush(byte[] into, int at) {
        int end = at;
        for (int[] number : Arrays.copyOf(numbers, held)) {
            for (int n : number) {
                into[end++] = (byte) ((256 * n + NUMBERS - 1) / NUMBERS);
            }
        }
        held = 0;
        return end - at;
    }
}
