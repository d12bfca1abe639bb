// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;

/** A group's sum times its scale, exactly: shift and add, a bit a cycle, beside the next group. */
final class HalfScale extends Module {
    private static final int BITS = SerialCycles.SCALE;

    /** The sum is complete. */
    final Bool load = in(bool());

    /** In the 7 cycles after it. */
    final Bool more = in(bool());

    /** Unsigned, with load. */
    final UInt scale = in(uint(BITS));

    final SInt sum = in(sint(HalfPe.SUM_BITS));
    final UInt exponent = in(uint(HalfPe.EXPONENT_BITS));

    /** Complete 8 cycles after load, until the next one. */
    final SInt scaled = out(sint(HalfPe.SCALED_BITS));

    final UInt scaledExponent = out(uint(HalfPe.EXPONENT_BITS));

    HalfScale() {
        doc("Multiplies a sum by its scale, a bit a cycle.");
        // bits of the scale leave at the end of the product as those of the product come in before them
        var multiplicand = reg(sint(HalfPe.SUM_BITS));
        var product = reg(sint(HalfPe.SCALED_BITS));
        var productExponent = reg(uint(HalfPe.EXPONENT_BITS));
        var upper = product.bits(HalfPe.SCALED_BITS - 1, BITS).asSInt();
        var next = mux(product.bit(0), upper.add(multiplicand), upper.extend(HalfPe.SUM_BITS + 1));
        when(load, () -> {
                    multiplicand.set(sum);
                    product.set(cat(mux(scale.bit(0), sum, 0).extend(HalfPe.SUM_BITS + 1), scale.bits(BITS - 1, 1))
                            .asSInt());
                    productExponent.set(exponent);
                })
                .elseWhen(
                        more,
                        () -> product.set(cat(next, product.bits(BITS - 1, 1)).asSInt()));
        scaled.set(product);
        scaledExponent.set(productExponent);
    }
}
