// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;
import java.util.List;

/**
 * Registered value of one offline-mapped code (LUT Tensor Core, arXiv 2408.06003, eq. 6): a multiplexer and a conditional negation.
 *
 * <p>The table holds U = -T, so a code with its top bit clear negates. With U = 2h + odd, -U = 2 (~h + !odd) + odd: the negation inverts
 * h and leaves a carry, which the adder that takes the value also takes.
 */
final class TableLookup extends Module {

    record Params(int g, int entryBits) {}

    final Vec<SInt> entries;
    final Bool odd;
    final Bits code;
    final SInt operand;

    TableLookup(Params p) {
        super(p);
        doc("Value of one offline-mapped weight code, registered: operand = {floor(value / 2) before its carry, carry};"
                + " bit 0 of the value, the same for all codes, is left out.");
        entries = in(vec(1 << p.g() - 1, i -> sint(p.entryBits())));
        odd = in(bool());
        code = in(bits(p.g()));
        operand = out(sint(p.entryBits() + 1));

        var negate = code.bit(p.g() - 1).not();
        var entry = selected(entries.asList(), 0);
        var half = entry.asBits().xor(fill(p.entryBits(), negate));
        var value = reg(sint(p.entryBits() + 1));
        value.set(cat(half, negate.andNot(odd)).asSInt());
        operand.set(value);
    }

    /** A tree of two-way multiplexers: fewer 4-input cells than synthesis makes of a case. */
    private SInt selected(List<SInt> choices, int indexBit) {
        if (choices.size() == 1) {
            return choices.get(0);
        }
        var pick = new ArrayList<SInt>();
        for (int i = 0; i < choices.size(); i += 2) {
            pick.add(mux(code.bit(indexBit), choices.get(i + 1), choices.get(i)));
        }
        return selected(pick, indexBit + 1);
    }
}
