// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import java.util.ArrayList;
import java.util.List;

/** A filter with constant coefficients. */
public final class Taps extends Module {
    public record Params(List<Integer> coefficients) {}

    public final SInt x = in(sint(range(-128, 127)));
    public final SInt y;

    public Taps(Params p) {
        super(p);
        var products = new ArrayList<SInt>();
        SInt at = x;
        for (int coefficient : p.coefficients()) {
            products.add(at.mul(coefficient));
            var delayed = reg(like(at)).init(0);
            delayed.set(at);
            at = delayed;
        }
        var total = sum(products);
        y = out(like(total));
        y.set(total);
    }
}
