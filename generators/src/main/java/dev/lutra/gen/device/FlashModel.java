// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/**
 * Test equipment: a serial NOR flash, as far as a reader with four data lines can tell, by the data sheet of the W25Q128JV. It begins asleep, as the FPGA leaves
 * it after configuration.
 *
 * <ul>
 *   <li>ABh wakes it, 3 microseconds after chip select has risen. Until then nothing else is heard.
 *   <li>50h lets the next 31h write its byte to status register 2 until power is off; bit 1 of it is QE. Without 50h, 31h is ignored.
 *   <li>6Bh with 24 bits of address and eight clocks of nothing reads four bits a clock, the high half of a byte first, as long as the clock goes on.
 *       Without QE it is ignored.
 *   <li>Bits come in with the rising clock and go out after the falling one. Lines that nobody drives are high.
 * </ul>
 *
 * <p>It looks at its pins with a clock of the simulation, of which its own may be half. Only a window is there, and whole words are read of it; anything
 * else stops the simulation.
 */
final class FlashModel extends Module {

    /**
     * @param windowBits width of a byte address in the window
     * @param base address of the window's first byte
     * @param wakeCycles cycles that it takes to wake
     */
    record Params(int windowBits, long base, int wakeCycles) {}

    private static final int ADDRESS_BITS = 24;

    private static final int WORD_BITS = 32;

    final Bool sck = in(bool());
    final Bool selectN = in(bool());

    /** Data line 0 from the host, and whether the host drives it. */
    final Bool in = in(bool());

    final Bool drives = in(bool());
    final Bits lines = out(bits(4));

    /** Puts a word (its first byte highest) in place, for whoever simulates. */
    final Bool load = in(bool());

    final UInt loadWord;
    final UInt loadData = in(uint(WORD_BITS));

    FlashModel(Params p) {
        super(p);
        doc("Test equipment: a W25Q128JV as a reader with four lines meets it (ABh, 50h, 31h, 6Bh).");
        int wordBits = p.windowBits - 2;
        loadWord = in(uint(wordBits));
        Memory<UInt> words = memory(uint(WORD_BITS), 1 << wordBits);
        when(load, () -> words.write(loadWord, loadData));

        Bool clockBefore = reg(bool()).init(false);
        clockBefore.set(sck);
        Bool selectedBefore = reg(bool()).init(false);
        selectedBefore.set(selectN.not());
        Bool selected = selectN.not();
        Bool rises = selected.and(sck).and(clockBefore.not());
        Bool falls = selected.and(sck.not()).and(clockBefore);
        Bool ends = selectN.and(selectedBefore);

        UInt waking = reg(uint(16)).init(0); // cycles of it so far; 0: asleep
        Bool awake = waking.eq(p.wakeCycles);
        Bool volatileWrite = reg(bool()).init(false);
        Bool quad = reg(bool()).init(false);

        UInt bit = reg(uint(6)).init(0); // bits since chip select fell, at most 63
        UInt shift = reg(uint(WORD_BITS));
        UInt command = reg(uint(8)).init(0);
        UInt incoming = cat(shift.bits(WORD_BITS - 2, 0), in).asUInt();
        when(rises, () -> {
            shift.set(incoming);
            when(bit.ne(63), () -> bit.set(bit.wrapAdd(1)));
            when(bit.eq(7), () -> command.set(incoming.bits(7, 0)));
        });
        when(selectN, () -> bit.set(0));
        when(waking.ne(0).and(awake.not()), () -> waking.set(waking.wrapAdd(1)));
        when(ends, () -> {
            when(command.eq(0xAB).and(bit.eq(8)).and(waking.eq(0)), () -> waking.set(1));
            when(awake, () -> {
                volatileWrite.set(command.eq(0x50).and(bit.eq(8)));
                when(command.eq(0x31).and(bit.eq(16)).and(volatileWrite), () -> quad.set(shift.bit(1)));
            });
            command.set(0);
        });

        // A word is read while the last nibble but some of the one before goes out.
        Bool reading = command.eq(0x6B).and(awake).and(quad);
        UInt next = reg(uint(wordBits));
        UInt nibbles = reg(uint(WORD_BITS));
        UInt gone = reg(uint(3));
        Bool goesOut = reg(bool()).init(false);
        UInt word = words.read(next);
        Bool first = falls.and(reading).and(bit.eq(40));
        Bool addressed = rises.and(bit.eq(31)).and(command.eq(0x6B));
        when(addressed, () -> next.set(incoming.bits(p.windowBits - 1, 2)));
        require(
                addressed
                        .not()
                        .or(incoming.bits(ADDRESS_BITS - 1, p.windowBits)
                                .eq(p.base >> p.windowBits)
                                .and(incoming.bits(1, 0).eq(0))),
                "the flash is read in whole words of its window");
        Bool more = first.or(falls.and(goesOut));
        Bool fresh = first.or(gone.eq(7));
        when(more, () -> {
            nibbles.set(mux(fresh, word, nibbles.shl(4).truncate(WORD_BITS)));
            gone.set(mux(fresh, lit(0, 3), gone.wrapAdd(1)));
            when(fresh, () -> next.set(next.wrapAdd(1)));
            goesOut.set(true);
        });
        when(selectN, () -> goesOut.set(false));
        UInt shown = mux(more, mux(fresh, word.bits(31, 28), nibbles.bits(27, 24)), nibbles.bits(31, 28));
        lines.set(mux(goesOut.or(first), shown, lit(15, 4)).asBits());
        require(goesOut.and(drives).not(), "nobody else drives line 0 of the flash while data goes out");
    }
}
