// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/** Balanced adder trees. */
final class CarryTree {

    private CarryTree() {}

    /**
     * Sum of operands {value, carry} as one of the same form: every adder takes the carry of one of its operands as its carry-in, which
     * costs nothing, and hands on the other.
     */
    static Bits operands(List<Bits> operands) {
        return reduce(operands, (a, b) -> {
            int w = a.width();
            // {a, 1} + {b, carry}: the low bit makes the carry-in
            var pair = Hdl.cat(a.bits(w - 1, 1), Hdl.lit(true)).asSInt().add(b.asSInt());
            return Hdl.cat(pair.bits(w, 1), a.bit(0));
        });
    }

    static SInt sum(List<SInt> values) {
        return reduce(values, SInt::add);
    }

    /** How many of some bits are 1. */
    static UInt count(List<Bool> bits) {
        return reduce(bits.stream().map(Bool::asUInt).toList(), UInt::add);
    }

    private static <T> T reduce(List<T> values, BinaryOperator<T> add) {
        var level = values;
        while (level.size() > 1) {
            var next = new ArrayList<T>();
            for (int i = 0; i + 1 < level.size(); i += 2) {
                next.add(add.apply(level.get(i), level.get(i + 1)));
            }
            if (level.size() % 2 == 1) {
                next.add(level.get(level.size() - 1));
            }
            level = next;
        }
        return level.get(0);
    }
}
