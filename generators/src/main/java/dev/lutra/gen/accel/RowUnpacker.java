// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.fp.FloatConverter;
import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.machine.RowFormat;
import dev.lutra.machine.VectorShape;
import dev.lutra.pe.vector.VectorUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/** Rows of the scratchpad from rows of memory, which are several of them where elements are smaller than words: those of the first row are lowest. */
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
        doc("Rows of the scratchpad from words, signed bytes or binary16 numbers in memory.");
        words = in(decoupled(new VectorUnit.Row(shape)));
        put = out(decoupled(new VectorUnit.Row(shape)));

        UInt part = reg(uint(PART_BITS)).init(0);
        Bits memory = words.bits.words;
        put.valid.set(words.valid);
        put.bits.row.set(words.bits.row.wrapAdd(part));
        put.bits.lanes.set(words.bits.lanes);
        Bits integers = lanes(shape, memory, part, Byte.SIZE, RowUnpacker::integer);
        Bits numbers = lanes(shape, memory, part, Short.SIZE, RowUnpacker::number);
        put.bits.words.set(memory);
        switchOn(format)
                .is(RowFormat.INT8, () -> put.bits.words.set(integers))
                .is(RowFormat.BINARY16, () -> put.bits.words.set(numbers));
        Bool last = isLast(part, format);
        words.ready.set(put.ready.and(last));
        when(put.fire(), () -> part.set(mux(last, lit(0, PART_BITS), part.wrapAdd(1))));
        when(clear, () -> part.set(0));
    }

    /** Whether a part of a row of memory is its last one. */
    static Bool isLast(UInt part, EnumSignal<RowFormat> format) {
        return part.eq(of(format, PART_BITS, rows -> rows - 1));
    }

    /** Rows that a row of memory becomes. */
    static UInt rows(EnumSignal<RowFormat> format) {
        return of(format, PART_BITS + 1, rows -> rows);
    }

    private static UInt of(EnumSignal<RowFormat> format, int bits, IntUnaryOperator number) {
        UInt bytes = lit(number.applyAsInt(RowFormat.INT8.rows()), bits);
        UInt halves = lit(number.applyAsInt(RowFormat.BINARY16.rows()), bits);
        UInt words = lit(number.applyAsInt(RowFormat.WORDS.rows()), bits);
        return mux(format.eq(RowFormat.INT8), bytes, mux(format.eq(RowFormat.BINARY16), halves, words));
    }

    private static Bits lanes(VectorShape shape, Bits memory, UInt part, int elementBits, UnaryOperator<Bits> word) {
        int own = shape.lanes() * elementBits;
        Bits chosen = memory.bits(own - 1, 0);
        for (int i = 1; i < memory.width() / own; i++) {
            chosen = mux(part.eq(i), memory.bits((i + 1) * own - 1, i * own), chosen);
        }
        List<Bits> lanes = new ArrayList<>();
        for (int lane = shape.lanes() - 1; lane >= 0; lane--) {
            lanes.add(word.apply(chosen.bits((lane + 1) * elementBits - 1, lane * elementBits)));
        }
        return cat(lanes);
    }

    private static Bits integer(Bits code) {
        return code.asSInt().extend(Integer.SIZE).asBits();
    }

    private static Bits number(Bits half) {
        var converter = new FloatConverter(new FloatConverter.Params(FloatFormat.BINARY16, FloatFormat.BINARY32, 0));
        converter.a.set(half);
        return converter.result;
    }
}
