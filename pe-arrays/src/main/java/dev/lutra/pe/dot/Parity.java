// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link SignTree} over halves of values has to know of their bits 0, which are the same for all columns: a node whose right half is odd
 * carries if its left half is odd, whether it adds or subtracts. So the carry of node t is its sign bit, once through a register that {@code clear}
 * resets and once through one that {@code preset} sets, and takes no LUT.
 *
 * @param clear bit t: node t does not carry
 * @param preset bit t: node t carries; where both are, it does
 * @param odd bit 0 of the sum of all values
 */
record Parity(Bits clear, Bits preset, Bool odd) {

    /** Of bits 0 of the values. */
    static Parity of(List<Bool> odd) {
        var clear = new ArrayList<Data>();
        var preset = new ArrayList<Data>();
        for (int t = odd.size() - 1; t > 0; t--) {
            int half = Integer.lowestOneBit(t);
            var left = odd(odd.subList(t - half, t));
            var right = odd(odd.subList(t, Math.min(odd.size(), t + half)));
            clear.add(right.andNot(left));
            preset.add(right.and(left));
        }
        clear.add(Hdl.lit(false));
        preset.add(Hdl.lit(false));
        return new Parity(Hdl.cat(clear), Hdl.cat(preset), odd(odd));
    }

    private static Bool odd(List<Bool> bits) {
        return Hdl.cat(bits).xorR();
    }
}
