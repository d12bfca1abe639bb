// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The phrase book: a row of its table for each line, and an output. */
public final class Phrases extends Module {
    public final UInt a = in(uint(8));
    public final UInt b = in(uint(8));
    public final SInt s = in(sint(8));
    public final Bits w = in(bits(8));
    public final UInt i = in(uint(2));
    public final Bool p = in(bool());
    public final Bool q = in(bool());
    public final Vec<UInt> v = in(vec(4, n -> uint(8)));

    final List<Data> rows = new ArrayList<>();

    public Phrases() {
        row(lit(5));
        row(lit(5, 8));
        row(slit(-5, 8));
        row(a.add(b));
        row(a.wrapAdd(b));
        row(a.sub(b));
        row(a.wrapSub(b));
        row(a.mul(b));
        row(s.neg());
        row(a.eq(b));
        row(a.ne(b));
        row(p.and(q).or(q.not()));
        row(a.and(b));
        row(w.bit(7));
        row(w.bits(6, 3));
        row(a.truncate(4));
        row(a.extend(12));
        row(cat(w, p, q));
        row(fill(3, p));
        row(mux(p, a, b));
        row(v.get(i));
        row(v.stream().reduce(UInt::max).orElseThrow());
        row(sum(v.asList()));
        row(sum(IntStream.range(0, 8).mapToObj(n -> w.bit(n).asUInt()).toList()));
        row(lit(1).shl(i));
        row(s.asUInt());
        row(a.toSInt());
        row(v.asBits());
    }

    private void row(Data value) {
        var output = named(out(like(value)), "row" + rows.size());
        output.set(value);
        rows.add(output);
    }
}
