// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.cordic;

/**
 * Formats and accuracy of a CORDIC pipeline. Coordinates are {@code sfix(1, fraction)}, from -1 to below 1. Angles are in half turns,
 * {@code sfix(1, angleFraction)}: -1 is -180 degrees, and angles wrap around as they should.
 *
 * @param fraction fraction bits of the coordinates, 4 to 40
 * @param angleFraction fraction bits of the angle, 4 to 40
 */
public record Precision(int fraction, int angleFraction) {
    public Precision {
        if (fraction < 4 || fraction > 40 || angleFraction < 4 || angleFraction > 40) {
            throw new IllegalArgumentException(
                    "CORDIC with %d and %d fraction bits: 4 to 40".formatted(fraction, angleFraction));
        }
    }

    /** Iterations: the last one turns by less than an eighth of the least significant bit of a coordinate. */
    public int iterations() {
        return fraction + 3;
    }

    /** Fraction bits within the pipeline, so that the rounding of all iterations stays below a quarter of a bit. */
    int innerFraction() {
        return fraction + 34 - Integer.numberOfLeadingZeros(iterations());
    }

    int innerAngleFraction() {
        return angleFraction + 35 - Integer.numberOfLeadingZeros(iterations());
    }

    /** The angle of an iteration, in half turns: the arc tangent of 2^-i. */
    static double angle(int iteration) {
        return Math.atan(Math.scalb(1.0, -iteration)) / Math.PI;
    }

    /** What all iterations together make longer: 1.6468 for many of them. */
    double gain() {
        double gain = 1;
        for (int i = 0; i < iterations(); i++) {
            gain *= Math.sqrt(1 + Math.scalb(1.0, -2 * i));
        }
        return gain;
    }

    /** The angle by which a rotation can be off, radians: the last step, and half a bit for each angle of the table. */
    private double residual() {
        int n = iterations();
        return Math.atan(Math.scalb(1.0, 1 - n)) + n * Math.PI * Math.scalb(0.5, -innerAngleFraction());
    }

    /** Rounding of the coordinates by all iterations, as the length of a vector after compensation of the gain. */
    private double rounding() {
        // An iteration cuts off less than a bit of each coordinate (the first one nothing); then the constant of the
        // gain.
        return ((iterations() - 1) * Math.sqrt(2) + gain() / Math.sqrt(2)) * Math.scalb(1.0, -innerFraction());
    }

    /** Most by which a coordinate of {@link Rotate} is off, for vectors up to the corner (-1, -1). */
    public double rotateError() {
        return Math.sqrt(2) * residual() + rounding() + Math.scalb(0.5, -fraction);
    }

    /** Most by which the length of {@link Polar} is off. */
    public double lengthError(double length) {
        double off = angleRadians(length);
        return length * off * off / 2 + rounding() + Math.scalb(0.5, -fraction);
    }

    /** Most by which the angle of {@link Polar} is off, in half turns, for a vector of a length. It grows as the vector gets short. */
    public double angleError(double length) {
        return angleRadians(length) / Math.PI + Math.scalb(0.5, -angleFraction);
    }

    /** The vector is off by the rounding, and is turned to the axis as far as its rounded coordinates tell. */
    private double angleRadians(double length) {
        return residual() + 2 * rounding() / length;
    }
}
