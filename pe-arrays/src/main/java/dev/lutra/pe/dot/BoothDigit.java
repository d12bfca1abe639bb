// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;

/**
 * The adders of one digit of a {@link BoothTree}, as a module: synthesis maps one for all digits but the least, and maps it better than a column of
 * many digits.
 */
final class BoothDigit extends Pipelined {

    /** @param least the digit has two bits; else it has the upper bit of the digit below too */
    record Params(int lanes, int chain, boolean least) {
        /** Bits of a weight that are looked at; of three, the least one is at bit 1. */
        int bits() {
            return least ? 2 : 4;
        }

        /** Width of the sum. */
        int sumBits() {
            return 9 + SignTree.levels(chain) + SignTree.levels((lanes + chain - 1) / chain);
        }
    }

    final Vec<Bits> activations;
    final Vec<Bits> weights;
    final SInt sum;
    final Bool carry = out(bool());

    BoothDigit(Params p) {
        super(p);
        doc("Sum of %d lanes of INT8 times one radix-4 digit.".formatted(p.lanes()));
        int copies = BoothTree.copies(p.chain());
        activations = in(vec(copies, i -> bits(8 * p.lanes())));
        weights = in(vec(copies, i -> bits(p.bits() * p.lanes())));
        sum = out(sint(p.sumBits()));
        var total = BoothTree.digit(
                p.bits(), p.least() ? 0 : 1, p.chain(), activations.asList(), weights.asList(), this::registered);
        sum.set(total.value());
        carry.set(total.carry());
    }
}
