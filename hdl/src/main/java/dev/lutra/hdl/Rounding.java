// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.math.BigInteger;

/** What becomes of the fraction bits that {@link Fixed#round} leaves out. */
public enum Rounding {
    /** Towards minus infinity: the bits are cut off. */
    FLOOR,
    /** Towards zero. */
    TOWARDS_ZERO,
    /** To the nearest, halves towards plus infinity: half a step is added and the bits are cut off. */
    HALF_UP,
    /** To the nearest, halves to the even neighbour (convergent rounding): no bias. */
    HALF_EVEN,
    /** To the nearest, halves away from zero (what {@link java.math.RoundingMode#HALF_UP} calls half up). */
    HALF_AWAY;

    /** Whether the result can be greater than every value of the operand, so that it takes another integer bit. */
    boolean carries() {
        return this != FLOOR && this != TOWARDS_ZERO;
    }

    /** {@code numerator / denominator}, the denominator positive, as an integer. */
    BigInteger divide(BigInteger numerator, BigInteger denominator) {
        var parts = numerator.divideAndRemainder(denominator);
        boolean negative = parts[1].signum() < 0;
        var floor = negative ? parts[0].subtract(BigInteger.ONE) : parts[0];
        var rest = negative ? parts[1].add(denominator) : parts[1];
        int half = rest.shiftLeft(1).compareTo(denominator);
        boolean up = switch (this) {
            case FLOOR -> false;
            case TOWARDS_ZERO -> rest.signum() != 0 && numerator.signum() < 0;
            case HALF_UP -> half >= 0;
            case HALF_EVEN -> half > 0 || half == 0 && floor.testBit(0);
            case HALF_AWAY -> half > 0 || half == 0 && numerator.signum() > 0;
        };
        return up ? floor.add(BigInteger.ONE) : floor;
    }
}
