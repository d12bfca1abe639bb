// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

/**
 * Several products of signed integers in one sum: operand {@code X = sum of x[i] 2^(i ys F)} times {@code Y = sum of y[k] 2^(k F)} has
 * the product {@code x[i] y[k]} in the field of F bits at {@code (i ys + k) F} (AMD WP486 for two INT8 products, WP521 for four INT4).
 * Fields are signed, so that each takes 1 from the field above while what is below it is negative: with G[f] the number that stands in
 * field f of a sum, {@code sum f = G[f] - floor(G[f-1] / 2^F)}.
 *
 * <p><b>Limits.</b> G fits its field for as many terms as {@link #unadjusted} says. In longer chains it is followed modulo
 * 2^F: of every {@link #span} terms the field's two top bits are looked at, which count in quarters Q = 2^(F-2). So many terms change G
 * by Q at most, so that the quarter it lies in changes by -1, 0 or 1, and modulo 4 says which: however long the chain, G is known.
 *
 * @param operandBits of each x and y
 * @param xs operands on one side
 * @param ys operands on the other one
 * @param fieldBits F; the top field has what is left of the sum
 * @param sumBits of the sum in the cascade
 * @param carries whether fields take from each other: they are one multiplier's; otherwise each has an adder of its own
 */
public record Packing(int operandBits, int xs, int ys, int fieldBits, int sumBits, boolean carries) {

    public Packing {
        if (operandBits < 2 || operandBits > 8 || xs < 1 || ys < 1 || fieldBits < 2 * operandBits) {
            throw new IllegalArgumentException(
                    xs + " x " + ys + " operands of " + operandBits + " bits in fields of " + fieldBits);
        }
    }

    /** Products of a multiplication. */
    public int products() {
        return xs * ys;
    }

    /** The greatest product, of the least operands. Its negative is beyond the least one. */
    public int greatestProduct() {
        return 1 << 2 * operandBits - 2;
    }

    /** Terms whose sum is sure to fit the fields, whatever the operands. */
    public int unadjusted() {
        return (int) Math.min(Integer.MAX_VALUE, ((1L << fieldBits - 1) - 1) / greatestProduct());
    }

    /** Terms between two looks at the fields. A field above another one may change by 1 more. */
    public int span() {
        long quarter = 1L << fieldBits - 2;
        return (int) ((quarter - (looks() > 1 && carries ? 1 : 0)) / greatestProduct());
    }

    /** Fields that are followed: all but the top one, whose bits are all there; without carries all. */
    public int looks() {
        return carries ? products() - 1 : products();
    }

    /** Terms of which the top field holds the sum. */
    public int longest() {
        int top = carries ? sumBits - (products() - 1) * fieldBits : 32;
        return (int) Math.min(1 << 16, ((1L << top - 1) - 2) / greatestProduct());
    }

    /** Bits of the sum of so many products. */
    public int resultBits(int terms) {
        return 65 - Long.numberOfLeadingZeros((long) terms * greatestProduct());
    }

    /** The product of the packed operands; of forms without carries the fields side by side. */
    public long product(int[] x, int[] y) {
        long sum = 0;
        for (int i = 0; i < xs; i++) {
            for (int k = 0; k < ys; k++) {
                long field = (long) x[i] * y[k];
                sum += (carries ? field : field & mask()) << (i * ys + k) * fieldBits;
            }
        }
        return sum;
    }

    /** The fields of a sum of at most {@link #unadjusted} products. */
    public int[] fields(long sum) {
        int[] fields = new int[products()];
        long below = 0;
        for (int f = 0; f < fields.length; f++) {
            boolean top = carries && f == fields.length - 1;
            long g = top ? sum >> f * fieldBits : signed(sum >> f * fieldBits);
            fields[f] = (int) (g - (carries ? below : 0));
            below = g >> fieldBits;
        }
        return fields;
    }

    private long mask() {
        return (1L << fieldBits) - 1;
    }

    private long signed(long bits) {
        return bits << 64 - fieldBits >> 64 - fieldBits;
    }
}
