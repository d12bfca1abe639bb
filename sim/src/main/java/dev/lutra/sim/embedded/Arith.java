// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

/** Operations that generated code calls where the machine's own are not defined as the language defines them. */
final class Arith {
    private Arith() {}

    static long div(long a, long b) {
        return b == 0 ? -1 : a / b;
    }

    static long rem(long a, long b) {
        return b == 0 ? a : a % b;
    }

    static long divUnsigned(long a, long b) {
        return b == 0 ? -1 : Long.divideUnsigned(a, b);
    }

    static long remUnsigned(long a, long b) {
        return b == 0 ? a : Long.remainderUnsigned(a, b);
    }

    static int shl(int a, int amount) {
        return amount > 31 ? 0 : a << amount;
    }

    static long shl(long a, int amount) {
        return amount > 63 ? 0 : a << amount;
    }

    static int shr(int a, int amount) {
        return a >> Math.min(amount, 31);
    }

    static long shr(long a, int amount) {
        return a >> Math.min(amount, 63);
    }

    static int ushr(int a, int amount) {
        return amount > 31 ? 0 : a >>> amount;
    }

    static long ushr(long a, int amount) {
        return amount > 63 ? 0 : a >>> amount;
    }
}
