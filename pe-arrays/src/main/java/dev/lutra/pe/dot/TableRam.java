// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;

/** Two tables of one position for a few columns: each column reads the one that is in use while the other one is written. */
final class TableRam extends Module {

    record Params(int indexBits, int entryBits, int columns) {
        int depth() {
            return 2 << indexBits;
        }
    }

    final Bool write = in(bool());
    final Bool bank = in(bool());
    final Bool writeBank = in(bool());
    final UInt entry;
    final SInt data;
    final Vec<Bits> indexes;
    final Vec<SInt> values;

    TableRam(Params p) {
        super(p);
        doc(
                "Two half tables in distributed RAM, read by every column through a port of its own: 'bank' says which one. The other"
                        + " one is written. Values come one cycle after indexes.");
        entry = in(uint(p.indexBits()));
        data = in(sint(p.entryBits()));
        indexes = in(vec(p.columns(), i -> bits(p.indexBits())));
        values = out(vec(p.columns(), i -> sint(p.entryBits())));
        var tables = memory(sint(p.entryBits()), p.depth());
        when(write, () -> tables.write(cat(writeBank, entry).asUInt(), data));
        for (int i = 0; i < p.columns(); i++) {
            var value = reg(sint(p.entryBits()));
            value.set(tables.readAsync(cat(bank, indexes.get(i)).asUInt()));
            values.get(i).set(value);
        }
    }
}
