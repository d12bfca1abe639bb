// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.ternary;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.machine.Engine;
import dev.lutra.machine.WeightPacking;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Weight words of an engine out of what lies in memory, one a cycle: packed ternary weights, of which four words carry five
 * ({@link Engine#storedWords}), or words as they are. A word comes one cycle after what it is made of.
 *
 * <p>Byte i of a word in memory has trits 4i to 4i+3 of its word, so nothing moves. Its fifth trit is kept: those of four words are the fifth word.
 */
public final class TritWords extends Module {

    /**
     * Shape.
     *
     * @param packing of the words that come out, two planes of each weight in one
     * @param g elements of a code
     * @param wordBits width of a word
     * @param usedBits what the columns take of it
     */
    public record Params(WeightPacking packing, int g, int wordBits, int usedBits) {

        /** What the words of an engine are made with. */
        public static Params of(Engine e) {
            return new Params(e.packing(), e.g(), e.wordBits(), e.n() * e.columnBits());
        }
    }

    /** The cycle has a word. */
    public final Bool valid = in(bool());

    /** It is one of packed ternary weights. */
    public final Bool packed = in(bool());

    /** It is the fifth one, of which nothing is in memory. */
    public final Bool fifth = in(bool());

    /** From memory. */
    public final Bits stored;

    /** The word of the cycle before, as the engine's packing has it. */
    public final Bits word;

    /** A decoder of words. */
    public TritWords(Params p) {
        super(p);
        doc("Weight words of %d bits, one a cycle, one cycle later: as they are, or decoded from five trits a byte."
                .formatted(p.wordBits()));
        doc("Four words carry five: their bytes' first four trits are their own, the fifth ones are the fifth word.");
        int bytes = p.wordBits() / 8;
        stored = in(bits(p.wordBits()));
        word = out(bits(p.usedBits()));

        var decoder = new TritDecoder(new TritDecoder.Params(TritPacking.FIVE_PER_BYTE, bytes));
        decoder.valid.set(valid.and(packed).andNot(fifth));
        decoder.bytes.set(stored);
        var plain = reg(bits(p.wordBits()));
        var wasPacked = reg(bool());
        var wasFifth = reg(bool());
        plain.set(stored);
        wasPacked.set(packed);
        wasFifth.set(fifth);

        int perByte = TritPacking.FIVE_PER_BYTE.trits();
        List<Data> own = new ArrayList<>();
        List<Data> last = new ArrayList<>();
        for (int i = 0; i < bytes; i++) {
            int first = 2 * perByte * i;
            own.add(decoder.trits.bits(first + 2 * perByte - 3, first));
            last.add(decoder.trits.bits(first + 2 * perByte - 1, first + 2 * perByte - 2));
        }
        var kept = reg(bits(p.wordBits()));
        var quarter = 2 * bytes;
        when(decoder.tritsValid, () -> kept.set(cat(joined(last), kept.bits(p.wordBits() - 1, quarter))));
        Bits trits = mux(wasFifth, kept, joined(own));
        Bits used = p.usedBits() == p.wordBits() ? trits : trits.bits(p.usedBits() - 1, 0);
        Bits asIs = p.usedBits() == p.wordBits() ? plain : plain.bits(p.usedBits() - 1, 0);
        word.set(mux(wasPacked, fields(p, used), asIs));
    }

    private static Bits fields(Params p, Bits trits) {
        return p.packing() == WeightPacking.MAPPED_PLANES ? planes(p, trits) : integers(trits);
    }

    /** Of each table the code of plane 0, then that of plane 1. */
    private static Bits planes(Params p, Bits trits) {
        int codes = p.usedBits() / (2 * p.g());
        var planes = new TritPlanes(new TritPlanes.Params(p.g(), codes));
        planes.trits.set(trits);
        List<Data> fields = new ArrayList<>();
        for (int i = 0; i < codes; i++) {
            fields.add(planes.low.bits((i + 1) * p.g() - 1, i * p.g()));
            fields.add(planes.high.bits((i + 1) * p.g() - 1, i * p.g()));
        }
        return joined(fields);
    }

    /** Two bits of w in two's complement: 3, 0, 1 of the trits 0, 1, 2. */
    private static Bits integers(Bits trits) {
        List<Data> fields = new ArrayList<>();
        for (int i = 0; i < trits.width(); i += 2) {
            var one = trits.bit(i);
            fields.add(one.not());
            fields.add(one.or(trits.bit(i + 1)).not());
        }
        return joined(fields);
    }

    /** The first one at the least significant place. */
    private static Bits joined(List<Data> fields) {
        var reversed = new ArrayList<>(fields);
        Collections.reverse(reversed);
        return Hdl.cat(reversed);
    }
}
