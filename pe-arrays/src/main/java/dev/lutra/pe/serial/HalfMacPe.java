// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.lib.fp.FloatAdder;
import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.hdl.lib.fp.FloatMultiplier;

/**
 * The element that {@link HalfPe} is compared with: one FP16 weight times one FP16 activation per cycle, exact, added to a binary32 sum with one rounding.
 * A product of cycle c is in the sum after c + 1.
 */
final class HalfMacPe extends Module {

    final Bool valid = in(bool());
    final Bool first = in(bool());
    final Bits activation = in(bits(16));
    final Bits weight = in(bits(16));
    final Bits sum = out(bits(32));

    HalfMacPe() {
        doc("FP16 multiply-accumulate: exact product, binary32 sum.");
        var multiplier = new FloatMultiplier(new FloatMultiplier.Params(FloatFormat.BINARY16, FloatFormat.BINARY32, 0));
        multiplier.a.set(activation);
        multiplier.b.set(weight);
        var product = reg(bits(32));
        product.set(multiplier.result);
        var adds = reg(bool()).init(false);
        adds.set(valid);
        var starts = reg(bool());
        starts.set(first);
        var held = reg(bits(32));
        var adder = new FloatAdder(new FloatAdder.Params(FloatFormat.BINARY32, 0));
        adder.subtract.set(false);
        adder.a.set(mux(starts, lit(0, 32).asBits(), held));
        adder.b.set(product);
        when(adds, () -> held.set(adder.result));
        sum.set(held);
    }
}
