// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ReadDuringWrite;

/** A memory of two ports, of one clock or of two. */
final class DualPort extends Module {
    record Params(ReadDuringWrite rule, int depth, int maskBits, boolean twoClocks, boolean exclusive) {}

    final Bool aEnable = in(bool());
    final Bool aWrite = in(bool());
    final UInt aAddress = in(uint(10));
    final UInt aData = in(uint(16));
    final UInt aWord = out(uint(16));
    final Bool bWrite = in(bool());
    final UInt bAddress = in(uint(10));
    final UInt bData = in(uint(16));
    final UInt bWord = out(uint(16));

    DualPort(Params p) {
        super(p);
        Clock other = p.twoClocks() ? named(in(clock()), "bClock") : null;
        Bits mask = p.maskBits() > 0 ? named(in(bits(p.maskBits())), "mask") : null;
        var words = memory(uint(16), p.depth());
        if (p.exclusive()) {
            words.exclusive();
        }
        var a = words.port(aAddress, aEnable, p.rule());
        var b = other == null
                ? words.port(bAddress, p.rule())
                : domain(other).make(() -> words.port(bAddress, p.rule()));
        when(aWrite, () -> {
            if (mask == null) {
                a.write(aData);
            } else {
                a.write(aData, mask);
            }
        });
        when(bWrite, () -> b.write(bData));
        aWord.set(a.word());
        bWord.set(b.word());
    }
}
