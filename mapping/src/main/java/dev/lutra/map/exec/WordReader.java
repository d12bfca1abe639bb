// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.Engine;

/** What a weight word means to activations; written from {@link dev.lutra.machine.WeightPacking} and not from the packer or the hardware. */
final class WordReader {
    private static final int TRIPLE = 3;
    private static final int TRIPLE_BITS = 5;
    /** Of a quantised entry. */
    private static final int TABLE_BITS = 8;

    private final Engine engine;

    WordReader(Engine engine) {
        this.engine = engine;
    }

    /**
     * Sum over the elements of a step of activation times what the word has for it, the pass's weight left out.
     *
     * @param activations of the step
     * @param top whether the pass is the most significant one
     */
    long sum(byte[] word, int column, int[] activations, boolean top) {
        int at = column * engine.columnBits();
        long sum = 0;
        switch (engine.packing()) {
            case MAPPED_PLANES -> {
                int shift = engine.tables().quantised() ? shift(activations) : -1;
                for (int table = 0; table < engine.t(); table++) {
                    for (int p = 0; p < engine.planes(); p++) {
                        int code = field(word, at + (table * engine.planes() + p) * engine.g(), engine.g());
                        long entry = table(activations, table * engine.g(), code);
                        sum += (shift < 0 ? entry : quantised(entry, shift)) << p;
                    }
                }
            }
            case RELATIVE_SIGNS -> {
                int[] signs = new int[engine.step()];
                for (int i = 0; i < signs.length; i++) {
                    int partner = i == 0 ? 1 : signs[i & (i - 1)];
                    signs[i] = field(word, at + i, 1) == 1 ? -partner : partner;
                    sum += (long) signs[i] * activations[i];
                }
            }
            case SIGNS -> {
                for (int i = 0; i < engine.step(); i++) {
                    sum += field(word, at + i, 1) == 1 ? activations[i] : -activations[i];
                }
            }
            case DIGITS -> {
                int size = 1 << engine.planes();
                for (int i = 0; i < engine.step(); i++) {
                    int digit = field(word, at + i * engine.planes(), engine.planes());
                    int value = top ? digit - (digit >= size / 2 ? size : 0) : digit ^ size / 2;
                    sum += (long) value * activations[i];
                }
            }
            case PLANES -> {
                for (int i = 0; i < engine.step(); i++) {
                    sum += (long) field(word, at + i, 1) * activations[i];
                }
                sum = top ? -sum : sum;
            }
            case TYPED_CODES, CHAINS -> throw new IllegalStateException("codes are read a step at a time");
            case TRIPLES -> {
                for (int table = 0; table < engine.t(); table++) {
                    int code = field(word, at + table * TRIPLE_BITS, TRIPLE_BITS);
                    int value = (code & 15) * (code > 15 ? -1 : 1);
                    for (int i = TRIPLE - 1; i >= 0; i--) {
                        // the balanced ternary digit of the lowest place
                        int digit = Math.floorMod(value + 1, 3) - 1;
                        sum += (long) digit * activations[table * TRIPLE + i];
                        value = (value - digit) / 3;
                    }
                }
            }
        }
        return sum;
    }

    private static int field(byte[] word, int bit, int width) {
        int value = 0;
        for (int i = 0; i < width; i++) {
            value |= (word[(bit + i) / 8] >> (bit + i) % 8 & 1) << i;
        }
        return value;
    }

    /** Of the t tables of a row and step: the bits beyond 7 of the largest sum of magnitudes of a table. */
    private int shift(int[] activations) {
        int largest = 0;
        for (int table = 0; table < engine.t(); table++) {
            int sum = 0;
            for (int k = 0; k < engine.g(); k++) {
                sum += Math.abs(activations[table * engine.g() + k]);
            }
            largest = Math.max(largest, sum);
        }
        return Math.max(0, Integer.SIZE - Integer.numberOfLeadingZeros(largest) - TABLE_BITS + 1);
    }

    private static long quantised(long entry, int shift) {
        long rounded = (long) Math.rint(entry / (double) (1 << shift));
        int largest = (1 << TABLE_BITS - 1) - 1;
        return Math.max(-largest, Math.min(largest, rounded)) << shift;
    }

    /** Undoes the offline map (its own inverse), then adds or subtracts each activation. */
    private long table(int[] activations, int first, int mapped) {
        int g = engine.g();
        boolean negative = (mapped >> (g - 1) & 1) == 1;
        long sum = negative ? activations[first + g - 1] : -activations[first + g - 1];
        for (int k = 0; k < g - 1; k++) {
            boolean plus = (mapped >> k & 1) == 1 ^ negative;
            sum += plus ? activations[first + k] : -activations[first + k];
        }
        return sum;
    }
}
