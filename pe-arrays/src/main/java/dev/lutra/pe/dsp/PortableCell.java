// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import java.util.ArrayList;

/** A multiplier and an adder per product, in the shape that synthesis makes DSP blocks of. */
final class PortableCell extends MacCell {

    PortableCell(Params p) {
        super(p, p);
        doc("Multiplies %d by %d operands of %d bits and adds the products to sums that pass by."
                .formatted(p.packing().xs(), p.packing().ys(), p.packing().operandBits()));
        int field = p.packing().fieldBits();
        var sums = new ArrayList<Data>();
        for (int f = p.packing().products() - 1; f >= 0; f--) {
            var a = registered(x.get(f / p.packing().ys()));
            var b = registered(y.get(f % p.packing().ys()));
            var product = registered(a.mul(b));
            var before = cascadeIn.bits((f + 1) * field - 1, f * field).asSInt();
            var from = p.starts() ? mux(start, Hdl.slit(0, field), before) : before;
            sums.add(registered(from.wrapAdd(product.extend(field))));
        }
        var all = cat(sums);
        cascadeOut.set(all);
        sum.set(all);
    }
}
