// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.ternary;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import java.util.ArrayList;
import java.util.Collections;

/**
 * Packed ternary weights to trits at the speed of the stream: a beat of bytes in every cycle, its trits in the next one, without waiting and
 * without a multiplier. Trit n of byte i is at bits {@code 2 (trits i + n) + 1 .. 2 (trits i + n)}.
 *
 * <p>Bytes that the packing does not make (the code 3 in 2 bits; 13 of the 256 bytes of five trits) decode as its formula says; {@link #valid} passes
 * as it is.
 */
public final class TritDecoder extends Module {

    /**
     * Shape.
     *
     * @param packing of the bytes
     * @param bytes of a beat
     */
    public record Params(TritPacking packing, int bytes) {
        public Params {
            if (bytes < 1) throw new IllegalArgumentException("a beat of " + bytes + " bytes");
        }

        /** Weights of a beat. */
        public int trits() {
            return bytes * packing.trits();
        }
    }

    /** The cycle has a beat. */
    public final Bool valid = in(bool());

    /** Beat. */
    public final Bits bytes;

    /** {@link #trits} are those of the beat before. */
    public final Bool tritsValid = out(bool());

    /** Weights + 1, 2 bits each. */
    public final Bits trits;

    /** A decoder. */
    public TritDecoder(Params p) {
        super(p);
        doc("Decodes %d bytes of ternary weights per cycle, %d in a byte, one cycle later."
                .formatted(p.bytes(), p.packing().trits()));
        bytes = in(bits(8 * p.bytes()));
        trits = out(bits(2 * p.trits()));
        var arrived = reg(bool()).init(false);
        var decoded = reg(bits(2 * p.trits()));
        arrived.set(valid);
        var fields = new ArrayList<Data>();
        for (int i = 0; i < p.bytes(); i++) {
            var packed = bytes.bits(8 * i + 7, 8 * i);
            if (p.packing() == TritPacking.FOUR_PER_BYTE) {
                fields.add(packed);
            } else {
                var rest = packed.asUInt();
                for (int n = 0; n < p.packing().trits(); n++) {
                    // 3 x: the digit is above the point of 8 bits, what is left for the next one below it.
                    var tripled = rest.shl(1).add(rest);
                    fields.add(tripled.bits(9, 8));
                    rest = tripled.bits(7, 0).asUInt();
                }
            }
        }
        Collections.reverse(fields);
        decoded.set(Hdl.cat(fields));
        tritsValid.set(arrived);
        trits.set(decoded);
    }
}
