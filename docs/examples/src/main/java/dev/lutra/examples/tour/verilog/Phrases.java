// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;
import java.util.List;

/** The phrase book: a row of its table for each line, and an output. */
public final class Phrases extends Module {
    public final UInt a = in(uint(8));
    public final UInt b = in(uint(8));
    public final SInt s = in(sint(8));
    public final SInt t = in(sint(6));
    public final Bits w = in(bits(8));
    public final UInt i = in(uint(3));
    public final Bool p = in(bool());
    public final Bool q = in(bool());

    final List<Data> rows = new ArrayList<>();

    public Phrases() {
        row(a.add(b));
        row(a.wrapAdd(b));
        row(a.sub(b));
        row(s.mul(t));
        row(s.neg());
        row(a.shl(2));
        row(a.shr(i));
        row(s.shr(i));
        row(a.lt(b));
        row(s.lt(t));
        row(s.eq(-1));
        row(p.and(q).or(p.not()));
        row(w.not());
        row(w.orR());
        row(w.xorR());
        row(w.bits(6, 3));
        row(w.bit(i));
        row(cat(w, p, q));
        row(fill(4, p));
        row(mux(p, a, b));
        row(a.truncate(5));
        row(s.extend(12));
        row(a.asSInt());
        row(a.toSInt());
        row(s.asUInt());
        row(a.max(b));
        row(s.abs());
    }

    private void row(Data value) {
        var output = named(out(like(value)), "row" + rows.size());
        output.set(value);
        rows.add(output);
    }
}
