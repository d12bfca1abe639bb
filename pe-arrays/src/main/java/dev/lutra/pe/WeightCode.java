// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

/**
 * How integer weights w become unsigned codes q and bipolar bit planes.
 *
 * <p>With W planes, {@code q' = 2q - (2^W - 1) = sum_b 2^b (2 bit_b(q) - 1)} (LUT Tensor Core, arXiv 2408.06003, eq. 1-3), and
 * {@code q' - z'} is 2w, or w itself where {@code z' = 0}. So every plane is a dot product with +-1 and no plane is special:
 *
 * <pre>
 *   signed, W >= 2   w in -2^(W-1) .. 2^(W-1)-1   q = w + 2^(W-1)   z' = +1
 *   ternary, W = 2   w in {-1, 0, +1}             q = w + 1         z' = -1
 *   sign, W = 1      w in {-1, +1}                q = (w + 1) / 2   z' =  0
 * </pre>
 *
 * @param planes number of bit planes W, 1..8
 * @param zeroPoint z' of the code: -1, 0 or +1
 * @param min smallest weight
 * @param max largest weight
 */
public record WeightCode(int planes, int zeroPoint, int min, int max) {

    /** Three values in two planes. */
    public static final WeightCode TERNARY = new WeightCode(2, -1, -1, 1);

    public WeightCode {
        if (planes < 1 || planes > 8) throw new IllegalArgumentException("planes must be 1..8, not " + planes);
        if (zeroPoint < -1 || zeroPoint > 1)
            throw new IllegalArgumentException("z' must be -1, 0 or +1, not " + zeroPoint);
    }

    /** Two's complement weights of 2..8 bits; one bit means {-1, +1}. */
    public static WeightCode signed(int bits) {
        return bits == 1
                ? new WeightCode(1, 0, -1, 1)
                : new WeightCode(bits, 1, -(1 << (bits - 1)), (1 << (bits - 1)) - 1);
    }

    /** True if w can be coded; with one plane 0 cannot. */
    public boolean contains(int w) {
        return w >= min && w <= max && (zeroPoint != 0 || w != 0);
    }

    /**
     * The unsigned code q of w.
     *
     * @throws IllegalArgumentException if w is not one of the values of this code
     */
    public int encode(int w) {
        if (!contains(w)) throw new IllegalArgumentException("weight " + w + " is not a value of " + this);
        // q' = 2q - (2^W - 1) and q' - z' = 2w (w itself if z' = 0), solved for q
        int reinterpreted = zeroPoint == 0 ? w : 2 * w + zeroPoint;
        return (reinterpreted + (1 << planes) - 1) / 2;
    }
}
