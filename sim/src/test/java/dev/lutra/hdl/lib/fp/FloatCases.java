// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/** Numbers to try operations with. */
final class FloatCases {

    private FloatCases() {}

    /** Zeros, subnormal numbers, least and greatest ones, neighbours of powers of two, infinities, NaN of each kind; of both signs. */
    static long[] boundaries(FloatFormat format) {
        int f = format.fractionBits();
        long one = (long) format.bias() << f;
        var magnitudes = new TreeSet<Long>();
        for (long at : List.of(0L, 1L << f, one, one + (1L << f), format.infinity(), (format.infinity() + one) / 2)) {
            for (long ulps = -2; ulps <= 2; ulps++) magnitudes.add(at + ulps);
        }
        magnitudes.add((1L << f) / 2);
        magnitudes.add(one + (1L << f - 1));
        magnitudes.add(one + (1L << f - 1) - 1);
        for (int distance : new int[] {f, f + 1, f + 2, f + 3}) {
            magnitudes.add(Math.max(0, one - ((long) distance << f)));
            magnitudes.add(Math.max(0, one - ((long) distance << f)) + 1);
        }
        magnitudes.add(format.nan());
        magnitudes.add(format.nan() + 1);
        magnitudes.add(format.signBit() - 1);
        return magnitudes.stream()
                .filter(m -> m >= 0 && m < format.signBit())
                .flatMapToLong(m -> LongStream.of(m, m | format.signBit()))
                .toArray();
    }

    static long[][] pairs(long[] a, long[] b) {
        var pairs = new ArrayList<long[]>();
        for (long x : a) {
            for (long y : b) pairs.add(new long[] {x, y});
        }
        return pairs.toArray(long[][]::new);
    }

    static long[][] singles(long[] a) {
        return LongStream.of(a).mapToObj(x -> new long[] {x}).toArray(long[][]::new);
    }

    /** Random pairs: any bits, exponents close to each other, sums that cancel, products near the least and the greatest number. */
    static LongSupplier second(FloatFormat format, SplittableRandom random, long first) {
        int f = format.fractionBits();
        long all = (format.signBit() << 1) - 1;
        return switch (random.nextInt(4)) {
            case 0 -> () -> random.nextLong() & all;
            case 1 -> () -> first + ((long) random.nextInt(-f - 3, f + 4) << f) + random.nextInt(16) & all;
            case 2 -> () -> (first ^ format.signBit()) + random.nextInt(-4, 5) & all;
            default -> {
                // exponents that add up to about the least or the greatest one
                int sum = random.nextBoolean() ? format.bias() + 1 : format.bias() + format.specialExponent();
                long exponent = sum - (first >>> f & format.specialExponent()) + random.nextInt(-f - 2, 3);
                yield () -> (exponent << f | random.nextLong() & (1L << f) - 1) & all;
            }
        };
    }

    static long[][] random(FloatFormat format, SplittableRandom random, int count) {
        long all = (format.signBit() << 1) - 1;
        var pairs = new long[count][];
        for (int i = 0; i < count; i++) {
            long a = random.nextLong() & all;
            pairs[i] = new long[] {a, second(format, random, a).getAsLong()};
        }
        return pairs;
    }
}
