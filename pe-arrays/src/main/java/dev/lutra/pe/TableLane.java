// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;

/** One table and its lookups: G activations of one row against one plane of N columns. */
final class TableLane extends Module {

    record Params(int g, int n, int bits) {
        TablePrecompute.Params table() {
            return new TablePrecompute.Params(g, bits);
        }

        /** Width of a lookup's value without bit 0, and of its carry. */
        int operandBits() {
            return table().entryBits() + 1;
        }
    }

    final Bits activations;
    final Vec<Bits> codes;
    final Vec<SInt> operands;
    final SInt sum;

    TableLane(Params p) {
        super(p);
        doc(
                "One table of G activations, shared by the lookups of N columns. The codes of a slot come two cycles after its activations; the operands come one cycle later, 'sum', the sum of the activations, with the codes.");
        activations = in(bits(p.bits() * p.g()));
        codes = in(vec(p.n(), i -> bits(p.g())));
        operands = out(vec(p.n(), i -> sint(p.operandBits())));
        sum = out(sint(p.operandBits()));

        var table = new TablePrecompute(p.table());
        table.activations.set(activations);
        for (int i = 0; i < p.n(); i++) {
            var lookup = new TableLookup(new TableLookup.Params(p.g(), p.table().entryBits()));
            lookup.entries.set(table.entries);
            lookup.odd.set(table.odd);
            lookup.code.set(codes.get(i));
            operands.get(i).set(lookup.operand);
        }
        sum.set(cat(table.entries.get(0), table.odd).asSInt());
    }
}
