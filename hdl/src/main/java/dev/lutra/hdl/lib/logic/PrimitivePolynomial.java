// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.logic;

/**
 * Primitive polynomials over GF(2), found at elaboration: bit i of a number is the coefficient of x^i. One of degree n is primitive if x
 * has order 2^n - 1 modulo it, so that multiplying by x goes through all non-zero remainders (Lidl and Niederreiter, "Finite
 * Fields", chapter 3).
 */
final class PrimitivePolynomial {
    static final int MAX_DEGREE = 32;

    private PrimitivePolynomial() {}

    /** The one with the smallest number, of a degree from 2 to {@value #MAX_DEGREE}. */
    static long ofDegree(int degree) {
        for (long low = 1; low < 1L << degree; low += 2) {
            long polynomial = 1L << degree | low;
            if (isPrimitive(polynomial, degree)) {
                return polynomial;
            }
        }
        throw new AssertionError("there is one of every degree");
    }

    private static boolean isPrimitive(long polynomial, int degree) {
        long order = (1L << degree) - 1;
        if (power(order, polynomial, degree) != 1) {
            return false;
        }
        long rest = order;
        for (long factor = 2; factor * factor <= rest; factor++) {
            if (rest % factor == 0) {
                if (power(order / factor, polynomial, degree) == 1) {
                    return false;
                }
                while (rest % factor == 0) {
                    rest /= factor;
                }
            }
        }
        return rest == 1 || rest == order || power(order / rest, polynomial, degree) != 1;
    }

    /** x to a power, modulo the polynomial. */
    private static long power(long exponent, long polynomial, int degree) {
        long result = 1;
        for (int i = 63 - Long.numberOfLeadingZeros(exponent); i >= 0; i--) {
            result = product(result, result, polynomial, degree);
            if ((exponent >>> i & 1) != 0) {
                result = product(result, 2, polynomial, degree);
            }
        }
        return result;
    }

    private static long product(long a, long b, long polynomial, int degree) {
        long sum = 0;
        for (int i = degree - 1; i >= 0; i--) {
            sum <<= 1;
            sum ^= (sum >>> degree & 1) != 0 ? polynomial : 0;
            sum ^= (b >>> i & 1) != 0 ? a : 0;
        }
        return sum;
    }
}
