// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.ternary;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import java.util.ArrayList;
import java.util.Collections;

/**
 * Trits to the two planes of offline-mapped codes that table engines take ({@link dev.lutra.pe.MatrixCore}, {@link dev.lutra.pe.WeightCode#TERNARY}):
 * combinational, one exclusive or per trit and plane.
 */
public final class TritPlanes extends Module {

    /**
     * Shape.
     *
     * @param g activations of a code, 2..6
     * @param codes of a word
     */
    public record Params(int g, int codes) {
        public Params {
            if (g < 2 || g > 6) throw new IllegalArgumentException("activations per table must be 2..6, not " + g);
            if (codes < 1) throw new IllegalArgumentException("a word of " + codes + " codes");
        }
    }

    /** Weights + 1, that of activation k of code c at bit 2 (g c + k). */
    public final Bits trits;

    /** Codes of the most significant plane. */
    public final Bits high;

    /** Codes of the least significant plane. */
    public final Bits low;

    /** Planes of a word. */
    public TritPlanes(Params p) {
        super(p);
        doc("%d codes of %d trits as two planes of offline-mapped codes.".formatted(p.codes(), p.g()));
        int lanes = p.g() * p.codes();
        trits = in(bits(2 * lanes));
        high = out(bits(lanes));
        low = out(bits(lanes));
        high.set(plane(p, 1));
        low.set(plane(p, 0));
    }

    private Bits plane(Params p, int bit) {
        var codes = new ArrayList<Data>();
        for (int c = 0; c < p.codes(); c++) {
            var sign = trits.bit(2 * (p.g() * (c + 1) - 1) + bit);
            for (int k = 0; k < p.g() - 1; k++)
                codes.add(trits.bit(2 * (p.g() * c + k) + bit).xor(sign));
            codes.add(sign);
        }
        Collections.reverse(codes);
        return Hdl.cat(codes);
    }
}
