// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.VectorShape;
import dev.lutra.pe.vector.VectorUnit;

/** Collects the integers of a pass into bus beats of the activation buffer; what is left of the last one is 0. */
final class ActivationWriter extends Module {

    /**
     * @param beatBits width of a bus beat
     * @param addressBits width of a beat address of the activation buffer
     * @param shape of the vector unit
     */
    record Params(int beatBits, int addressBits, VectorShape shape) {}

    final VectorUnit.Integers integers;
    final Bool writeEnable = out(bool());
    final UInt writeAddress;
    final Bits writeData;

    ActivationWriter(Params p) {
        super(p);
        doc("Rows of " + p.shape.lanes() + " INT8 into beats of " + p.beatBits + " bits.");
        integers = in(new VectorUnit.Integers(p.shape));
        writeAddress = out(uint(p.addressBits));
        writeData = out(bits(p.beatBits));

        int rowBits = 8 * p.shape.lanes();
        int parts = p.beatBits / rowBits;
        UInt address = reg(uint(p.addressBits));
        UInt at = mux(integers.first, integers.row.truncate(p.addressBits), address);
        writeAddress.set(at);
        if (parts == 1) {
            writeEnable.set(integers.valid);
            writeData.set(integers.bytes);
            when(integers.valid, () -> address.set(at.wrapAdd(1)));
            return;
        }
        int partBits = Log2.exact(parts);
        UInt part = reg(uint(partBits));
        Bits collected = reg(bits(p.beatBits));
        UInt place = mux(integers.first, lit(0, partBits), part);
        Bool begins = place.eq(0);
        Bool full = place.eq(parts - 1);
        Bits before = mux(begins, lit(0, p.beatBits).asBits(), collected);
        UInt shift = cat(place, lit(0, Log2.exact(rowBits))).asUInt();
        Bits merged = before.or(
                integers.bytes.asUInt().extend(p.beatBits).shlWrap(shift).asBits());
        writeEnable.set(integers.valid.and(full.or(integers.last)));
        writeData.set(merged);
        when(integers.valid, () -> {
            collected.set(merged);
            part.set(place.wrapAdd(1));
            address.set(mux(full, at.wrapAdd(1), at));
        });
    }
}
