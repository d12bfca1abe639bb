// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import java.math.BigInteger;
import java.util.Random;

/** Binary16 numbers for tests. */
final class Halves {

    private Halves() {}

    /** Finite numbers: of any exponent, of a few neighbouring ones, subnormal ones and zeros among them. */
    static long[] random(Random random, int count) {
        int low = random.nextInt(31);
        int high = low + random.nextInt(31 - low);
        var halves = new long[count];
        for (int i = 0; i < count; i++) {
            int exponent = random.nextInt(8) == 0 ? 0 : low + random.nextInt(high - low + 1);
            int fraction = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> 0x3FF;
                default -> random.nextInt(0x400);
            };
            halves[i] = random.nextInt(2) << 15 | exponent << 10 | fraction;
        }
        return halves;
    }

    static BigInteger line(long[] halves) {
        var line = BigInteger.ZERO;
        for (int i = 0; i < halves.length; i++)
            line = line.or(BigInteger.valueOf(halves[i]).shiftLeft(16 * i));
        return line;
    }
}
