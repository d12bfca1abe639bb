// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** A pixel of 16 bits. */
public final class Rgb extends Bundle {
    public final UInt red = field(uint(5));
    public final UInt green = field(uint(6));
    public final UInt blue = field(uint(5));
}
