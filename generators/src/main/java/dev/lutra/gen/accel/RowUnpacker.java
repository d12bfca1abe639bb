// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.RowFormat;
import dev.lutra.machine.VectorShape;
import dev.lutra.pe.vector.VectorUnit;
import java.util.ArrayList;
import java.util.List;

/** Rows of the scratchpad from rows of memory, which are several of them where elements are bytes: those of the first row are lowest. */
final class RowUnpacker extends Module {

    /** Bits of the number of a part. */
    static final int PART_BITS = 2;

    final Bool clear = in(bool());

    /** Rows of memory in order, with the number of the first row that becomes of each. One is taken when its last part is put. */
    final Decoupled<VectorUnit.Row> words;

    /** Of the elements of the row of memory that is offered. */
    final EnumSignal<RowFormat> format = in(enumOf(RowFormat.class));

    final Decoupled<VectorUnit.Row> put;

    RowUnpacker(VectorShape shape) {
        super(shape);
        doc("Rows of the scratchpad from words or signed bytes in memory.");
        words = in(decoupled(new VectorUnit.Row(shape)));
        put = out(decoupled(new VectorUnit.Row(shape)));

        UInt part = reg(uint(PART_BITS)).init(0);
        Bits memory = words.bits.words;
        put.valid.set(words.valid);
        put.bits.row.set(words.bits.row.wrapAdd(part));
        put.bits.lanes.set(words.bits.lanes);
        put.bits.words.set(mux(format.eq(RowFormat.INT8), integers(shape, memory, part), memory));
        Bool last = isLast(part, format);
        words.ready.set(put.ready.and(last));
        when(put.fire(), () -> part.set(mux(last, lit(0, PART_BITS), part.wrapAdd(1))));
        when(clear, () -> part.set(0));
    }

    /** Whether a part of a row of memory is its last one. */
    static Bool isLast(UInt part, EnumSignal<RowFormat> format) {
        return format.ne(RowFormat.INT8).or(part.eq(RowFormat.INT8.rows() - 1));
    }

    /** The bytes of a part, each a word. */
    private static Bits integers(VectorShape shape, Bits memory, UInt part) {
        int own = shape.lanes() * Byte.SIZE;
        Bits bytes = memory.bits(own - 1, 0);
        for (int i = 1; i < RowFormat.INT8.rows(); i++) {
            bytes = mux(part.eq(i), memory.bits((i + 1) * own - 1, i * own), bytes);
        }
        List<Bits> lanes = new ArrayList<>();
        for (int lane = shape.lanes() - 1; lane >= 0; lane--) {
            Bits code = bytes.bits((lane + 1) * Byte.SIZE - 1, lane * Byte.SIZE);
            lanes.add(code.asSInt().extend(Integer.SIZE).asBits());
        }
        return cat(lanes);
    }
}
