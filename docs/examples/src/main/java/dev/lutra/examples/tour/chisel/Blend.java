// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** A weighted mean of two pixels: (a w + b (255 - w)) / 256, rounded down. */
public final class Blend extends Module {
    public final UInt a = in(uint(8));
    public final UInt b = in(uint(8));
    public final UInt weight = in(uint(8));
    public final UInt pixel = out(uint(8));

    public Blend() {
        var sum = a.mul(weight).add(b.mul(weight.not())); // 17 bits
        pixel.set(sum.shr(8).truncate(8));
    }
}
