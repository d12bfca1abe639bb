// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;

/** A module with signals of every kind to make mistakes with. */
abstract class Signals extends Module {
    final UInt a = in(uint(8));
    final UInt wide = in(uint(16));
    final SInt s = in(sint(8));
    final Bool c = in(bool());
    final Bits p = in(bits(8));
    final EnumSignal<Colour> colour = in(enumOf(Colour.class));
    final EnumSignal<Size> size = in(enumOf(Size.class));
    final UInt o = wire(uint(8));
    final SInt so = wire(sint(8));
    final Bool co = wire(bool());
    final Bits po = wire(bits(4));

    enum Colour {
        RED,
        GREEN,
        BLUE
    }

    enum Size {
        SMALL,
        LARGE
    }

    static final class Pixel extends Bundle {
        final UInt red = field(uint(4));
        final UInt blue = field(uint(4));
    }

    static final class Point extends Bundle {
        final UInt red = field(uint(4));
    }
}
