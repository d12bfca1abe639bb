// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one row of activations in distributed RAM: those in use, which every column reads through ports of its own, and the next ones, which one
 * adder per table, or per table and unit of columns, writes meanwhile.
 */
public final class RamTables extends Pipelined {

    /**
     * Shape.
     *
     * @param columns that read
     * @param g activations per table, 2..6
     * @param tables of the row
     * @param planes lookups of a column in each table
     * @param quantised entries are rounded ({@link TableRounding})
     * @param unit columns whose tables one adder each writes, which divide columns
     */
    public record Params(int columns, int g, int tables, int planes, boolean quantised, int unit) {
        TableWriter.Params writer() {
            return new TableWriter.Params(g, ACTIVATION_BITS, TableWriter.Entries.HALVES);
        }

        /** Width of an entry: half of a sum of g activations, or rounded. */
        int entryBits() {
            return quantised ? TableRounding.BITS : writer().entryBits();
        }

        int mostScale() {
            return writer().sumBits() - TableRounding.BITS;
        }
    }

    private static final int ACTIVATION_BITS = 8;

    /** Ports of a distributed RAM that read. */
    private static final int PORTS = 7;

    /** {@link #activations} are those of the next tables. */
    public final Bool load = in(bool());

    /** INT8, element k of table t at bit 8 (g t + k). */
    public final Bits activations;

    /** From this cycle's codes on, the tables loaded last are in use: {@link dev.lutra.machine.Tables#writeCycles} cycles after their load, at least. */
    public final Bool swap = in(bool());

    /** Offline-mapped codes: that of column n, table t, plane p at place {@code (n tables + t) planes + p}, g bits each. */
    public final Bits codes;

    /** Two cycles after the codes: floor(U / 2) of their entry U, or U rounded, the sign left out; placed as the codes. */
    public final Vec<SInt> values;

    /** Of the tables in use, with the codes: bit 0 of all entries of table t. */
    public final Vec<Bool> odd;

    /** Of the tables in use, with the codes: sum of all activations. */
    public final SInt total;

    /** Of the tables in use, with the codes: s, where a rounded entry stands for 2^s times itself; null if entries are exact. */
    public final @Nullable UInt scale;

    /** Tables of a row. */
    public RamTables(Params p) {
        super(p);
        doc("%d tables of %d activations in distributed RAM, written while those before are read by %d columns."
                .formatted(p.tables(), p.g(), p.columns()));
        int tableBits = ACTIVATION_BITS * p.g();
        int places = p.columns() * p.tables() * p.planes();
        activations = in(bits(tableBits * p.tables()));
        codes = in(bits(p.g() * places));
        values = out(vec(places, i -> sint(p.entryBits())));
        odd = out(vec(p.tables(), i -> bool()));

        var control = new WriterControl(new WriterControl.Params(p.g(), false));
        control.load.set(load);
        var line = reg(bits(activations.width()));
        when(load, () -> line.set(activations));
        var bank = reg(bool()).init(false);
        when(swap, () -> bank.set(bank.not()));
        var code = registered(codes);

        List<SInt> elements = new ArrayList<>();
        for (int k = 0; k < p.g() * p.tables(); k++) {
            elements.add(line.bits(ACTIVATION_BITS * (k + 1) - 1, ACTIVATION_BITS * k)
                    .asSInt());
        }
        // There before the first entry is.
        UInt rounding = p.quantised()
                ? registered(TableRounding.scale(registered(TableRounding.largest(elements, p.g())), p.mostScale()))
                : null;
        scale = rounding == null ? null : out(uint(rounding.width()));
        if (scale != null && rounding != null) {
            scale.set(held(rounding));
        }

        List<SInt> sums = new ArrayList<>();
        int readers = p.unit() * p.planes();
        for (int i = 0; i < p.columns() / p.unit() * p.tables(); i++) {
            int t = i % p.tables();
            int unit = i / p.tables();
            var writer = new TableWriter(p.writer());
            writer.activations.set(line.bits(tableBits * (t + 1) - 1, tableBits * t));
            writer.step.set(control.step);
            SInt whole = cat(writer.entry, writer.odd).asSInt();
            SInt entry = rounding == null ? writer.entry : TableRounding.rounded(whole, rounding);
            if (unit == 0) {
                sums.add(whole);
                odd.get(t).set(held(writer.odd));
            }
            for (int from = 0; from < readers; from += PORTS) {
                int ports = Math.min(PORTS, readers - from);
                var ram = new TableRam(new TableRam.Params(p.g() - 1, p.entryBits(), ports));
                ram.write.set(control.write);
                ram.bank.set(bank);
                ram.writeBank.set(bank.not());
                ram.entry.set(control.entry);
                ram.data.set(entry);
                for (int port = 0; port < ports; port++) {
                    int column = unit * p.unit() + (from + port) / p.planes();
                    int place = (column * p.tables() + t) * p.planes() + (from + port) % p.planes();
                    ram.indexes.get(port).set(code.bits(place * p.g() + p.g() - 2, place * p.g()));
                    values.get(place).set(ram.values.get(port));
                }
            }
        }
        // entry 0 is the sum of a table's activations
        var all = TableSum.tree(sums);
        var written = reg(sint(all.width()));
        when(control.write.and(control.entry.eq(0)), () -> written.set(all));
        total = out(sint(all.width()));
        total.set(held(written));
    }

    /** The value as it was in the last cycle with {@link #swap}, this one included. */
    private <T extends Data> T held(T value) {
        var register = reg(Hdl.like(value));
        var now = mux(swap, value, register);
        register.set(now);
        return now;
    }
}
