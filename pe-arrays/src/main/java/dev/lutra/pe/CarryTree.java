// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import java.util.List;
import java.util.function.BinaryOperator;

/** Balanced adder trees. */
public final class CarryTree {

    private CarryTree() {}

    /**
     * Sum of operands {value, carry} as one of the same form: every adder takes the carry of one of its operands as its carry-in, which
     * costs nothing, and hands on the other.
     */
    public static SInt operands(List<SInt> operands) {
        return reduce(operands, (a, b) -> {
            // {a, 1} + {b, carry}: the low bit makes the carry-in
            var withCarry = Hdl.cat(a.bits(a.width() - 1, 1), Hdl.lit(true)).asSInt();
            var pair = withCarry.add(b);
            return Hdl.cat(pair.bits(pair.width() - 1, 1), a.bit(0)).asSInt();
        });
    }

    static SInt sum(List<SInt> values) {
        return reduce(values, SInt::add);
    }

    /** How many of some bits are 1. */
    public static UInt count(List<Bool> bits) {
        return reduce(bits.stream().map(Bool::asUInt).toList(), UInt::add);
    }

    private static <T> T reduce(List<T> values, BinaryOperator<T> add) {
        int half = values.size() / 2;
        return values.size() == 1
                ? values.get(0)
                : add.apply(reduce(values.subList(0, half), add), reduce(values.subList(half, values.size()), add));
    }
}
