// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.stream;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;

/**
 * Makes one wide word of several narrow ones, the first in the low bits. A narrow word every cycle; the wide one is offered in the
 * cycle after its last part.
 */
public final class StreamWidener extends Module {

    /**
     * @param narrowBits width of a part
     * @param parts parts of a wide word, at least 2
     */
    public record Params(int narrowBits, int parts) {
        public Params {
            if (parts < 2) {
                throw new IllegalArgumentException("a word of " + parts + " parts: at least 2");
            }
        }
    }

    public final Decoupled<Bits> put;
    public final Decoupled<Bits> take;

    public StreamWidener(Params p) {
        super(p);
        doc("Makes one word of " + p.parts + " words of " + p.narrowBits + " bits, the first in the low bits.");
        put = in(decoupled(bits(p.narrowBits)));
        take = out(decoupled(bits(p.narrowBits * p.parts)));

        int indexBits = 32 - Integer.numberOfLeadingZeros(p.parts - 1);
        Vec<Bits> word = reg(vec(p.parts, i -> bits(p.narrowBits)));
        UInt index = reg(uint(indexBits)).init(0);
        Bool full = reg(bool()).init(false);
        Bool last = index.eq(p.parts - 1);
        put.ready.set(full.not().or(take.ready));
        take.valid.set(full);
        take.bits.set(word.asBits());
        when(take.ready, () -> full.set(false));
        when(put.fire(), () -> {
            word.set(index, put.bits);
            index.set(mux(last, lit(0, indexBits), index.wrapAdd(1)));
            when(last, () -> full.set(true));
        });
    }
}
