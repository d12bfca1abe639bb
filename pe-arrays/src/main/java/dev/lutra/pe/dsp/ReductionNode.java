// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;
import dev.lutra.pe.dot.Pipelined;
import java.util.ArrayList;
import java.util.List;

/** Takes a packed sum apart where a group ends, {@link #LATENCY} cycles later: gives back what fields took from those above. */
final class ReductionNode extends Pipelined {
    static final int LATENCY = 2;

    /**
     * Shape.
     *
     * @param countBits of the fields' counts of quarters, 0 if all sums fit their fields
     */
    record Params(Packing packing, int countBits, int resultBits) {}

    final Bits sum;

    /** The counts for this sum, a cycle after it; there are none if all sums fit. */
    final List<SInt> counts = new ArrayList<>();

    final Vec<SInt> results;

    ReductionNode(Params p) {
        super(p);
        var packing = p.packing();
        boolean followed = p.countBits() > 0;
        doc("Takes %d fields of a sum apart.".formatted(packing.products()));
        sum = in(bits(packing.sumBits()));
        for (int f = 0; followed && f < packing.looks(); f++) counts.add(in(sint(p.countBits())));
        results = out(vec(packing.products(), i -> sint(p.resultBits())));
        int width = packing.fieldBits();
        var later = registered(sum);
        var fields = new ArrayList<SInt>();
        for (int f = 0; f < packing.products(); f++) {
            boolean top = packing.carries() && f == packing.products() - 1;
            int high = top ? packing.sumBits() - 1 : (f + 1) * width - 1;
            if (followed && !top) {
                fields.add(cat(counts.get(f), later.bits(high - 2, f * width)).asSInt());
            } else {
                fields.add(later.bits(high, f * width).asSInt());
            }
        }
        for (int f = 0; f < packing.products(); f++) {
            var field = fields.get(f);
            if (packing.carries() && f > 0) {
                var below = fields.get(f - 1);
                var taken = below.width() > width
                        ? below.bits(below.width() - 1, width).asSInt()
                        : below.bit(width - 1).asBits().asSInt();
                field = field.sub(taken);
            }
            results.get(f).set(registered(fit(field, p.resultBits())));
        }
    }

    private static SInt fit(SInt value, int bits) {
        return value.width() > bits ? value.truncate(bits) : value.extend(bits);
    }
}
