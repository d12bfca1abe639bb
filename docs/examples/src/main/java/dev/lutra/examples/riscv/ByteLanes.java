// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** Brings bytes and halfwords to their place in a word and back, little endian, combinational. */
final class ByteLanes extends Module {
    /** Bits 1 to 0: 1, 2 or 4 bytes. Bit 2: loads are extended by zeros, else by their sign. */
    final UInt funct3 = in(uint(3));

    /** The byte of the word, bits 1 to 0 of the address. */
    final UInt offset = in(uint(2));

    final Bool misaligned = out(bool());

    final UInt store = in(uint(32));
    final UInt writeWord = out(uint(32));
    final Bits mask = out(bits(4));

    final UInt readWord = in(uint(32));
    final UInt load = out(uint(32));

    ByteLanes() {
        doc("Moves what is loaded and stored between the low bits of a register and its bytes of a word.");
        // No byte of a misaligned access is used, so what moves may take it for an aligned one.
        var moved = readWord.shr(cat(offset, lit(0, 3)).asUInt());
        var zeros = funct3.bit(2);
        switchOn(funct3.bits(1, 0))
                .is(0, () -> {
                    var low = moved.truncate(8);
                    var number = low.asSInt();
                    misaligned.set(false);
                    mask.set(lit(1, 4).shlWrap(offset).asBits());
                    writeWord.set(cat(store.truncate(8), store.truncate(8), store.truncate(8), store.truncate(8))
                            .asUInt());
                    load.set(mux(zeros, low, number.extend(32).asUInt()));
                })
                .is(1, () -> {
                    var low = moved.truncate(16);
                    var number = low.asSInt();
                    misaligned.set(offset.bit(0));
                    mask.set(lit(3, 4).shlWrap(offset).asBits());
                    writeWord.set(cat(store.truncate(16), store.truncate(16)).asUInt());
                    load.set(mux(zeros, low, number.extend(32).asUInt()));
                })
                .otherwise(() -> {
                    misaligned.set(offset.ne(0));
                    mask.set(15);
                    writeWord.set(store);
                    load.set(readWord);
                });
    }
}
