// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.serial;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.BitSync;

/**
 * Bytes from and to the master of an SPI bus, mode 0 (clock low while idle, data taken with its rising edge), highest bit first.
 *
 * <p>The bus clock is no clock here: it is looked at with this module's own, of which a period must have at least four cycles, two of them high. An edge is
 * seen two to three cycles late. Both bits of a rising edge are done with when it is seen: the one that came in has been stable since before it and is
 * until half a period after it; the next one to go out follows at once, rather than after the falling edge, so that it has been there for most of a
 * cycle when the master looks at it with the next rising one, and does not change for two cycles after that.
 *
 * <p>Chip select must have fallen for a cycle before the first rising edge, and stay high for two between transfers. When it rises, what there is of a byte is dropped.
 */
public final class SpiSlave extends Module {

    private static final int BYTE_BITS = 8;

    /** Clock of the bus. */
    public final Bool sck = in(bool());

    /** Chip select, low during a transfer. */
    public final Bool selectN = in(bool());

    /** Data from the master. */
    public final Bool mosi = in(bool());

    /** Data to the master; whoever drives the pin lets go of it while chip select is high. */
    public final Bool miso = out(bool());

    /** A transfer is under way. */
    public final Bool selected = out(bool());

    /** A byte has come, for one cycle, in which it must be taken. */
    public final Bool valid = out(bool());

    public final UInt data = out(uint(BYTE_BITS));

    /** Taken when a byte has come, to go out with the next one; zeros go out where there is none, and with the first byte of a transfer. */
    public final Decoupled<UInt> put = in(decoupled(uint(BYTE_BITS)));

    public SpiSlave() {
        doc("SPI slave, mode 0, highest bit first; at least four clocks to a clock of the bus.");
        var clockSync = new BitSync();
        clockSync.in.set(sck);
        var selectSync = new BitSync(); // not selected after a reset
        selectSync.in.set(selectN.not());
        var dataSync = new BitSync();
        dataSync.in.set(mosi);

        var clockBefore = reg(bool()).init(false);
        clockBefore.set(clockSync.out);
        var shift = reg(uint(BYTE_BITS)).init(0);
        var count = reg(uint(3)).init(0);
        selected.set(selectSync.out);
        var rises = selected.and(clockSync.out).and(clockBefore.not());
        var shifted = cat(shift.bits(BYTE_BITS - 2, 0), dataSync.out).asUInt();
        var whole = rises.and(count.eq(BYTE_BITS - 1));
        valid.set(whole);
        data.set(shifted);
        put.ready.set(whole);
        miso.set(shift.bit(BYTE_BITS - 1));
        when(selected.not(), () -> {
                    shift.set(0);
                    count.set(0);
                })
                .elseWhen(rises, () -> {
                    shift.set(mux(whole, mux(put.valid, put.bits, lit(0, BYTE_BITS)), shifted));
                    count.set(count.wrapAdd(1));
                });
    }
}
