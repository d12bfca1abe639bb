// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/**
 * Words of a serial NOR flash with four data lines, by its command Fast Read Quad Output (6Bh; Winbond W25Q128JV data sheet, section 8.2.14): eight bits of
 * command, 24 of address and eight clocks of nothing, then four bits a clock for as long as the clock goes on.
 *
 * <p>The serial clock is half of ours, and stands still while nobody takes a word; a word in sequence takes 17 cycles, any other one 99.
 * After configuration the FPGA leaves the flash asleep and its data lines perhaps as write protection and hold: it is woken (ABh, then 3 microseconds
 * at up to 20 MHz) and its volatile bit QE is set (50h, 31h 02h) before the first word.
 */
final class FlashReader extends Module {

    /**
     * @param windowBits width of a byte address in the window of the flash that is read
     * @param base first byte of the window, a multiple of its size
     */
    record Params(int windowBits, long base) {}

    private static final int LINES = 4;
    private static final int WORD_BITS = 32;
    private static final int ADDRESS_BITS = 24;
    private static final int WAKE = 0xAB;
    private static final int ENABLE_VOLATILE_WRITE = 0x50;
    private static final int WRITE_STATUS_2 = 0x31;
    private static final int QUAD_ENABLE = 0x02;
    private static final int READ = 0x6B;

    /** Cycles without a command: more than 3 microseconds, after which it is awake. */
    private static final int REST = 63;

    private static final int COUNT_BITS = 6;

    private enum State {
        /** Chip select is high. */
        REST,
        /** A bit a clock to the flash. */
        COMMAND,
        DUMMY,
        DATA,
        /** A word is there, and the flash waits with the next one. */
        READY
    }

    /** A word is wanted; it and {@link #word} may change their mind. */
    final Bool request = in(bool());

    /** Which: word address in the window. */
    final UInt word;

    /** It is here, and taken by this: {@link #data} has it in the next cycle. */
    final Bool accept = out(bool());

    /** Its four bytes, the first one lowest. */
    final Bits data = out(bits(WORD_BITS));

    final Bool sck = out(bool());
    final Bool selectN = out(bool());

    /** What goes out on data line 0, and whether it does; the other lines only come in. */
    final Bool out = out(bool());

    final Bool drives = out(bool());
    final Bits lines = in(bits(LINES));

    FlashReader(Params p) {
        super(p);
        doc(
                "Words of a quad SPI flash: Fast Read Quad Output (6Bh), after it was woken (ABh) and QE set (50h, 31h 02h).");
        int wordBits = p.windowBits - 2;
        word = in(uint(wordBits));

        EnumSignal<State> state = reg(enumOf(State.class)).init(State.REST);
        UInt setup = reg(uint(2)).init(0); // commands sent; 3: words can be read
        UInt count = reg(uint(COUNT_BITS)).init(REST);
        Bool clock = reg(bool()).init(false);
        UInt shift = reg(uint(WORD_BITS));
        UInt at = reg(uint(wordBits)); // of the word that comes or is there
        Bool last = count.eq(0);
        Bool isSetUp = setup.eq(3);

        Bool there = state.eq(State.READY).and(at.eq(word));
        accept.set(request.and(there));
        data.set(cat(shift.bits(7, 0), shift.bits(15, 8), shift.bits(23, 16), shift.bits(31, 24)));
        sck.set(clock);
        selectN.set(state.eq(State.REST));
        out.set(shift.bit(WORD_BITS - 1));
        drives.set(state.eq(State.COMMAND));

        UInt address = cat(lit(p.base >> p.windowBits, ADDRESS_BITS - p.windowBits), word, lit(0, 2))
                .asUInt();
        UInt read = cat(lit(READ, 8), address).asUInt();
        UInt shifted = mux(
                state.eq(State.DATA),
                cat(shift.bits(WORD_BITS - LINES - 1, 0), lines).asUInt(),
                shift.shl(1).truncate(WORD_BITS));
        switchOn(state)
                .is(
                        State.REST,
                        () -> when(last.not(), () -> count.set(count.wrapSub(1)))
                                .elseWhen(isSetUp.not(), () -> {
                                    // Bits that follow a command are not clocked.
                                    shift.set(mux(
                                            setup.eq(0),
                                            lit((long) WAKE << 24, WORD_BITS),
                                            mux(
                                                    setup.eq(1),
                                                    lit((long) ENABLE_VOLATILE_WRITE << 24, WORD_BITS),
                                                    lit(
                                                            (long) WRITE_STATUS_2 << 24 | (long) QUAD_ENABLE << 16,
                                                            WORD_BITS))));
                                    count.set(mux(setup.eq(2), lit(15, COUNT_BITS), lit(7, COUNT_BITS)));
                                    state.set(State.COMMAND);
                                })
                                .elseWhen(request, () -> {
                                    at.set(word);
                                    shift.set(read);
                                    count.set(WORD_BITS - 1);
                                    state.set(State.COMMAND);
                                }))
                .is(State.READY, () -> {
                    count.set(WORD_BITS / LINES - 1);
                    when(
                            request,
                            () -> when(there, () -> {
                                        at.set(at.wrapAdd(1));
                                        state.set(State.DATA);
                                    })
                                    .otherwise(() -> {
                                        count.set(0);
                                        state.set(State.REST);
                                    }));
                })
                .otherwise(() -> {
                    clock.set(clock.not());
                    // Data is taken as the clock rises; what goes out changes as it falls.
                    when(mux(state.eq(State.DATA), clock.not(), clock), () -> shift.set(shifted));
                    when(clock, () -> {
                        count.set(count.wrapSub(1));
                        when(last, () -> {
                            switchOn(state)
                                    .is(State.COMMAND, () -> {
                                        when(isSetUp, () -> {
                                                    count.set(7);
                                                    state.set(State.DUMMY);
                                                })
                                                .otherwise(() -> {
                                                    setup.set(setup.wrapAdd(1));
                                                    count.set(REST);
                                                    state.set(State.REST);
                                                });
                                    })
                                    .is(State.DUMMY, () -> {
                                        count.set(WORD_BITS / LINES - 1);
                                        state.set(State.DATA);
                                    })
                                    .otherwise(() -> state.set(State.READY));
                        });
                    });
                });
    }
}
