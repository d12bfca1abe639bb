// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;

/**
 * An array whose sums stay while the reduction passes: in a slot, a cycle with {@link #valid}, every one of N columns takes the same
 * activations of one row and a word of weights. Nothing waits; a cycle without {@link #valid} may stand anywhere.
 */
public abstract class OutputStationary extends Pipelined {

    /** The cycle is a slot. */
    public final Bool valid = in(bool());

    /** Slot: sums start. */
    public final Bool first = in(bool());

    /** Slot: sums are complete after it. */
    public final Bool last = in(bool());

    /** Slot: activations of B bits, INT8 of -127..127 as a rule, that of lane k at bit B k. */
    public final Bits activations;

    /** Slot: weights, those of column n at the n-th of N equal parts. */
    public final Bits codes;

    /** New results, for one cycle. */
    public final Bool resultValid = out(bool());

    /** Sums of the columns. */
    public final Vec<SInt> results;

    OutputStationary(Record params, int n, int lanes, int activationBits, int codeBits, int sumBits) {
        super(params);
        activations = in(bits(activationBits * lanes));
        codes = in(bits(n * codeBits));
        results = out(vec(n, i -> sint(sumBits)));
    }

    /** Codes of a column. */
    final Bits codes(int column) {
        int width = codes.width() / results.size();
        return codes.bits((column + 1) * width - 1, column * width);
    }

    static void check(int n, int lanes, int sumBits, int least) {
        if (n < 1 || lanes < 2)
            throw new IllegalArgumentException("an array of " + n + " columns, " + lanes + " lanes");
        if (sumBits < least || sumBits > 64)
            throw new IllegalArgumentException("sums of " + sumBits + " bits: needed are " + least + "..64");
    }
}
