// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Module;

/** Halves a pixel. */
public final class Darken extends Module {
    public final Bits word = in(bits(16));
    public final Bits dark = out(bits(16));

    public Darken() {
        var pixel = unpack(word, new Rgb());
        var half = wire(new Rgb());
        half.red.set(pixel.red.shr(1));
        half.green.set(pixel.green.shr(1));
        half.blue.set(pixel.blue.shr(1));
        dark.set(half.asBits());
    }
}
