// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.spi;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import java.util.List;

/**
 * A master for the serial peripheral interface (Motorola, "SPI Block Guide", V03.06), all four modes. A word goes out with its top bit
 * first while another one comes in. The select line goes down half a period of the serial clock before the first edge, and up half a
 * period after the last one of a word marked as last; until the next selection there is half a period more.
 *
 * <p>A word takes {@code 2 * bits * divider + 1} cycles, the release {@code 2 * divider}. All outputs to the slaves come from
 * registers.
 */
public final class SpiMaster extends Module {
    /**
     * @param bits of a word
     * @param divider clock cycles of half a period of the serial clock
     * @param mode 0 to 3. Bit 1 (CPOL): level of the idle serial clock. Bit 0 (CPHA): data is taken at the first edge of each bit (0)
     *     or at the second (1)
     * @param slaves with a select line each
     */
    public record Params(int bits, int divider, int mode, int slaves) {
        public Params {
            if (bits < 2 || divider < 1 || mode < 0 || mode > 3 || slaves < 1) {
                throw new IllegalArgumentException(
                        "SPI of %d bits (at least 2), divider %d (at least 1), mode %d (0 to 3), %d slaves"
                                .formatted(bits, divider, mode, slaves));
            }
        }

        boolean idleLevel() {
            return (mode & 2) != 0;
        }

        boolean secondEdge() {
            return (mode & 1) != 0;
        }
    }

    private enum State {
        IDLE,
        /** A word goes out, an edge of the serial clock every half period. */
        SHIFT,
        /** The slave stays selected until the next word comes. */
        HOLD,
        /** Half a period before the slave is released. */
        TRAIL,
        /** Half a period before the next one is selected. */
        GAP
    }

    public final Decoupled<SpiWord> put;

    /** A word has come from the slave, for one cycle. */
    public final Bool valid = out(bool());

    public final Bits received;

    public final Bool sclk = out(bool());
    public final Bool mosi = out(bool());
    public final Bool miso = in(bool());

    /** Select lines, low for the slave that is selected. */
    public final Bits select_n;

    public SpiMaster(Params p) {
        super(p);
        doc("SPI master, mode " + p.mode + ", " + p.bits + " bits a word, serial clock of " + 2 * p.divider
                + " cycles.");
        put = in(decoupled(new SpiWord(p)));
        received = out(bits(p.bits));
        select_n = out(bits(p.slaves));

        var state = reg(enumOf(State.class)).init(State.IDLE);
        var timer = reg(uint(Math.max(1, 32 - Integer.numberOfLeadingZeros(p.divider - 1))))
                .init(0);
        var edges = reg(uint(32 - Integer.numberOfLeadingZeros(2 * p.bits - 1))); // to come after the next one
        var serialClock = reg(bool()).init(p.idleLevel());
        var selects = reg(bits(p.slaves)).init((1L << p.slaves) - 1);
        var last = reg(bool());
        var done = reg(bool()).init(false);
        var taken = reg(bits(p.bits));
        // Its top bit is the line. Data that is taken at the second edge goes out at the first one: it waits behind a
        // zero.
        var sent = reg(bits(p.bits + 1)).init(0);

        put.ready.set(state.eq(State.IDLE).or(state.eq(State.HOLD)));
        valid.set(done);
        received.set(taken);
        sclk.set(serialClock);
        mosi.set(sent.bit(p.bits));
        select_n.set(selects);

        var ticks = timer.eq(0);
        var firstEdge = edges.bit(0);
        var samples = p.secondEdge() ? firstEdge.not() : firstEdge;
        when(ticks.not(), () -> timer.set(timer.wrapSub(1)));
        done.set(false);
        switchOn(state)
                .is(
                        List.of(State.IDLE, State.HOLD),
                        () -> when(put.fire(), () -> {
                            var data = put.bits.data;
                            when(state.eq(State.IDLE), () -> {
                                var selected = lit(1, p.slaves).shlWrap(put.bits.slave);
                                selects.set(selected.not().asBits());
                            });
                            sent.set(p.secondEdge() ? cat(lit(false), data) : cat(data, lit(false)));
                            last.set(put.bits.last);
                            edges.set(2 * p.bits - 1);
                            timer.set(p.divider - 1);
                            state.set(State.SHIFT);
                        }))
                .is(
                        State.SHIFT,
                        () -> when(ticks, () -> {
                            serialClock.set(serialClock.not());
                            // The slave has had half a period since it changed its line.
                            when(samples, () -> taken.set(cat(taken.bits(p.bits - 2, 0), miso)))
                                    .otherwise(() -> sent.set(cat(sent.bits(p.bits - 1, 0), lit(false))));
                            edges.set(edges.wrapSub(1));
                            timer.set(p.divider - 1);
                            when(edges.eq(0), () -> {
                                done.set(true);
                                when(last, () -> state.set(State.TRAIL)).otherwise(() -> state.set(State.HOLD));
                            });
                        }))
                .is(
                        State.TRAIL,
                        () -> when(ticks, () -> {
                            selects.set((1L << p.slaves) - 1);
                            timer.set(p.divider - 1);
                            state.set(State.GAP);
                        }))
                .is(State.GAP, () -> when(ticks, () -> state.set(State.IDLE)));
    }
}
