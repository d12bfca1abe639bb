// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static dev.lutra.hdl.Hdl.*;
import static java.util.Objects.requireNonNull;

import dev.lutra.gen.accel.LocalAccelerator;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import org.jspecify.annotations.Nullable;

/** Test equipment: an accelerator with a serial line and, where its machine has one, the flash beside it. */
final class BoardBench extends Module {

    /** At 12 MHz 3 microseconds. */
    private static final int WAKE_CYCLES = 36;

    final Bool rx = in(bool());
    final Bool tx = out(bool());
    final Bool irq = out(bool());

    /** A word for the flash, its first byte highest; null without a flash, as what follows. */
    final @Nullable Bool load;

    final @Nullable UInt loadWord;
    final @Nullable UInt loadData;

    BoardBench(LocalAccelerator.Params p) {
        super(p);
        doc("Test equipment: an accelerator and the flash beside it.");
        var accelerator = new LocalAccelerator(p);
        accelerator.uart_rx.set(rx);
        tx.set(accelerator.uart_tx);
        irq.set(accelerator.irq);
        var bus = p.machine().bus();
        load = bus.hasFlash() ? in(bool()) : null;
        loadWord = bus.hasFlash() ? in(uint(bus.addrBits() - 3)) : null;
        loadData = bus.hasFlash() ? in(uint(32)) : null;
        if (bus.hasFlash()) {
            var flash = new FlashModel(new FlashModel.Params(bus.addrBits() - 1, bus.flashBase(), WAKE_CYCLES));
            flash.sck.set(requireNonNull(accelerator.flash_sck));
            flash.selectN.set(requireNonNull(accelerator.flash_cs_n));
            flash.in.set(requireNonNull(accelerator.flash_out));
            flash.drives.set(requireNonNull(accelerator.flash_drives));
            requireNonNull(accelerator.flash_in).set(flash.lines);
            flash.load.set(requireNonNull(load));
            flash.loadWord.set(requireNonNull(loadWord));
            flash.loadData.set(requireNonNull(loadData));
        }
    }
}
