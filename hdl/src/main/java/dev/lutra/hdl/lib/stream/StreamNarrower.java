// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.stream;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/**
 * Cuts wide words into several narrow ones, the low bits first. A narrow word every cycle; the first one is offered in the cycle
 * after the wide word was taken.
 */
public final class StreamNarrower extends Module {

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

    public StreamNarrower(Params p) {
        super(p);
        doc("Cuts a word into " + p.parts + " words of " + p.narrowBits + " bits, the low bits first.");
        int wideBits = p.narrowBits * p.parts;
        put = in(decoupled(bits(wideBits)));
        take = out(decoupled(bits(p.narrowBits)));

        Bits word = reg(bits(wideBits));
        UInt left = reg(uint(32 - Integer.numberOfLeadingZeros(p.parts))).init(0);
        put.ready.set(left.eq(0).or(left.eq(1).and(take.ready)));
        take.valid.set(left.ne(0));
        take.bits.set(word.bits(p.narrowBits - 1, 0));
        when(take.fire(), () -> {
            word.set(cat(lit(0, p.narrowBits), word.bits(wideBits - 1, p.narrowBits)));
            left.set(left.wrapSub(1));
        });
        when(put.fire(), () -> {
            word.set(put.bits);
            left.set(p.parts);
        });
    }
}
