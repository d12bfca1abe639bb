// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;
import java.util.Collections;

/** Columns that share the write port of their tables: as many as a distributed RAM has ports. */
final class StationaryBundle extends Pipelined {

    record Params(TableRam.Params table, StationaryColumn.Params column, int blocks) {}

    /** Tables are written. */
    static final class Write extends Bundle {
        final Bool enable = field(Hdl.bool());
        final Bool bank = field(Hdl.bool());
        final UInt entry;
        final Vec<SInt> data;

        Write(Params p) {
            entry = field(Hdl.uint(p.table().indexBits()));
            data = field(Hdl.vec(p.column().tables(), t -> Hdl.sint(p.table().entryBits())));
        }
    }

    final Write write;
    final Bool bank = in(bool());
    final Bits codes;
    final StationaryColumn.Shared shared;
    final UInt readBlock;
    final UInt writeBlock;
    final Bool writeSums = in(bool());
    final Vec<SInt> sums;

    StationaryBundle(Params p) {
        super(p);
        int columns = p.table().columns();
        int tables = p.column().tables();
        int word = p.table().indexBits() + 1;
        doc("%d columns with their tables and the sums of %d blocks.".formatted(columns, p.blocks()));
        write = in(new Write(p));
        codes = in(bits(columns * tables * word));
        shared = in(new StationaryColumn.Shared(p.column()));
        int blockBits = Math.max(1, 32 - Integer.numberOfLeadingZeros(p.blocks() - 1));
        readBlock = in(uint(blockBits));
        writeBlock = in(uint(blockBits));
        sums = out(vec(columns, n -> sint(p.column().sumBits())));

        var rams = new ArrayList<TableRam>();
        for (int t = 0; t < tables; t++) {
            var ram = new TableRam(p.table());
            ram.write.set(write.enable);
            ram.bank.set(bank);
            ram.writeBank.set(write.bank);
            ram.entry.set(write.entry);
            ram.data.set(write.data.get(t));
            for (int n = 0; n < columns; n++) {
                int at = (n * tables + t) * word;
                ram.indexes.get(n).set(registered(codes.bits(at + word - 2, at)));
            }
            rams.add(ram);
        }
        int sumBits = p.column().sumBits();
        var blocks = memory(bits(columns * sumBits), p.blocks());
        var before = registered(blocks.readAsync(readBlock));
        var after = new ArrayList<Data>();
        for (int n = 0; n < columns; n++) {
            var column = new StationaryColumn(p.column());
            var differ = new ArrayList<Data>();
            for (int t = tables - 1; t >= 0; t--) differ.add(codes.bit((n * tables + t) * word + word - 1));
            column.differ.set(cat(differ));
            column.shared.set(shared);
            column.before.set(before.bits((n + 1) * sumBits - 1, n * sumBits).asSInt());
            for (int t = 0; t < tables; t++)
                column.lookups.get(t).set(rams.get(t).values.get(n));
            sums.get(n).set(column.after);
            after.add(column.after);
        }
        Collections.reverse(after);
        when(writeSums, () -> blocks.write(writeBlock, cat(after)));
    }
}
