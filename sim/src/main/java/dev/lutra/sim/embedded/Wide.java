// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.math.BigInteger;

/**
 * Arithmetic on values of several words, which generated code calls with places in the {@code long[]} of the state. All
 * operands have {@code n} words, the least significant first, the top one extended by the sign of the type. Results are
 * modulo 2^(64 n); the caller cuts the top word. A destination may be an operand.
 */
final class Wide {
    private Wide() {}

    static void add(long[] s, int to, int a, int b, int n) {
        long carry = 0;
        for (int i = 0; i < n; i++) {
            long x = s[a + i];
            long y = s[b + i];
            long sum = x + y + carry;
            carry = (x & y | (x | y) & ~sum) >>> 63;
            s[to + i] = sum;
        }
    }

    static void sub(long[] s, int to, int a, int b, int n) {
        long carry = 1;
        for (int i = 0; i < n; i++) {
            long x = s[a + i];
            long y = ~s[b + i];
            long sum = x + y + carry;
            carry = (x & y | (x | y) & ~sum) >>> 63;
            s[to + i] = sum;
        }
    }

    static void mul(long[] s, int to, int a, int b, int n) {
        long[] result = new long[n];
        for (int i = 0; i < n; i++) {
            long x = s[a + i];
            long carry = 0;
            for (int j = 0; i + j < n; j++) {
                long y = s[b + j];
                long low = x * y;
                long high = Math.multiplyHigh(x, y) + (x >> 63 & y) + (y >> 63 & x);
                low += carry;
                if (Long.compareUnsigned(low, carry) < 0) {
                    high++;
                }
                long sum = result[i + j] + low;
                if (Long.compareUnsigned(sum, low) < 0) {
                    high++;
                }
                result[i + j] = sum;
                carry = high;
            }
        }
        System.arraycopy(result, 0, s, to, n);
    }

    static void div(long[] s, int to, int a, int b, int n, boolean signed) {
        BigInteger divisor = get(s, b, n, signed);
        BigInteger ones = BigInteger.ONE.negate();
        set(s, to, n, divisor.signum() == 0 ? ones : get(s, a, n, signed).divide(divisor));
    }

    static void rem(long[] s, int to, int a, int b, int n, boolean signed) {
        BigInteger divisor = get(s, b, n, signed);
        BigInteger dividend = get(s, a, n, signed);
        set(s, to, n, divisor.signum() == 0 ? dividend : dividend.remainder(divisor));
    }

    static void shl(long[] s, int to, int a, int n, int amount) {
        int skip = amount >>> 6;
        int bits = amount & 63;
        for (int i = n - 1; i >= 0; i--) {
            int from = i - skip;
            long high = from >= 0 ? s[a + from] : 0;
            long low = from >= 1 ? s[a + from - 1] : 0;
            s[to + i] = bits == 0 ? high : high << bits | low >>> (64 - bits);
        }
    }

    static void shr(long[] s, int to, int a, int n, int amount, boolean signed) {
        long fill = signed ? s[a + n - 1] >> 63 : 0;
        for (int i = 0; i < n; i++) {
            s[to + i] = window(s, a, n, 64L * i + amount, fill);
        }
    }

    /** The lowest word of {@code a >> amount}. */
    static long low(long[] s, int a, int n, int amount, boolean signed) {
        return window(s, a, n, amount, signed ? s[a + n - 1] >> 63 : 0);
    }

    private static long window(long[] s, int a, int n, long bit, long fill) {
        long word = bit >>> 6;
        int bits = (int) bit & 63;
        long low = word < n ? s[a + (int) word] : fill;
        if (bits == 0) {
            return low;
        }
        long high = word + 1 < n ? s[a + (int) word + 1] : fill;
        return low >>> bits | high << (64 - bits);
    }

    static boolean less(long[] s, int a, int b, int n, boolean signed) {
        int i = n - 1;
        if (signed && s[a + i] != s[b + i]) {
            return s[a + i] < s[b + i];
        }
        while (i > 0 && s[a + i] == s[b + i]) {
            i--;
        }
        return Long.compareUnsigned(s[a + i], s[b + i]) < 0;
    }

    private static BigInteger get(long[] s, int a, int n, boolean signed) {
        byte[] bytes = new byte[8 * n + 1];
        for (int i = 0; i < 8 * n; i++) {
            bytes[8 * n - i] = (byte) (s[a + (i >> 3)] >>> 8 * (i & 7));
        }
        bytes[0] = (byte) (signed ? s[a + n - 1] >> 63 : 0);
        return new BigInteger(bytes);
    }

    private static void set(long[] s, int to, int n, BigInteger value) {
        for (int i = 0; i < n; i++) {
            s[to + i] = value.shiftRight(64 * i).longValue();
        }
    }
}
