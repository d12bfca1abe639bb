// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import java.util.ArrayList;

/** Sum of the activations of a row's groups, for the zero points of all columns: shifted by one more place each cycle. */
final class SerialRow extends Module {

    /** Groups with a zero point have 256 weights at most. */
    private static final int SUM_BITS = 16;

    static final int ADDEND_BITS = SUM_BITS + 7;

    record Params(int step) {}

    /** The row's activations. */
    final Bits activations;

    /** A cycle after them: they are a step's, and are added. */
    final Bool add = in(bool());

    /** With add: the step is its group's first one. */
    final Bool start = in(bool());

    /** The sum is complete. */
    final Bool load = in(bool());

    /** From the cycle after load on: the sum, shifted by 0, 1, ... 7 places. */
    final SInt addend = out(sint(ADDEND_BITS));

    SerialRow(Params p) {
        super(p);
        doc("Sum of the activations of a row's groups, shifted by one more place each cycle after 'load'.");
        activations = in(bits(8 * p.step()));
        var values = new ArrayList<SInt>();
        for (int k = 0; k < p.step(); k++) {
            values.add(activations.bits(8 * k + 7, 8 * k).asSInt());
        }
        while (values.size() > 1) {
            values.set(0, values.get(0).add(values.remove(values.size() - 1)));
        }
        var line = reg(sint(SUM_BITS));
        line.set(
                values.get(0).width() > SUM_BITS
                        ? values.get(0).truncate(SUM_BITS)
                        : values.get(0).extend(SUM_BITS));
        var sum = reg(sint(SUM_BITS));
        when(add, () -> sum.set(mux(start, 0, sum).wrapAdd(line)));
        var shifted = reg(sint(ADDEND_BITS));
        shifted.set(mux(load, sum.extend(ADDEND_BITS), shifted.shl(1).truncate(ADDEND_BITS)));
        addend.set(shifted);
    }
}
