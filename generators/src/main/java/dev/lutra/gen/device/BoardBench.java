// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static dev.lutra.hdl.Hdl.*;
import static java.util.Objects.requireNonNull;

import dev.lutra.gen.accel.HostLine;
import dev.lutra.gen.accel.LocalAccelerator;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.Simulator;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Test equipment: an accelerator with a line to the host and, where its machine has one, the flash beside it. */
final class BoardBench extends Module {

    /** At 12 MHz 3 microseconds. */
    private static final int WAKE_CYCLES = 36;

    /** Of a serial line; null on an SPI bus, as what follows is on a serial line. */
    final @Nullable Bool rx;

    final @Nullable Bool tx;
    final @Nullable Bool sck;
    final @Nullable Bool selectN;
    final @Nullable Bool mosi;
    final @Nullable Bool miso;
    final Bool irq = out(bool());

    /** A word for the flash, its first byte highest; null without a flash, as what follows. */
    final @Nullable Bool load;

    final @Nullable UInt loadWord;
    final @Nullable UInt loadData;

    private final int windowBytes;

    BoardBench(LocalAccelerator.Params p) {
        super(p);
        doc("Test equipment: an accelerator and the flash beside it.");
        var accelerator = new LocalAccelerator(p);
        boolean spi = p.line() instanceof HostLine.Spi;
        rx = spi ? null : in(bool());
        tx = spi ? null : out(bool());
        sck = spi ? in(bool()) : null;
        selectN = spi ? in(bool()) : null;
        mosi = spi ? in(bool()) : null;
        miso = spi ? out(bool()) : null;
        if (spi) {
            requireNonNull(accelerator.spi_sck).set(requireNonNull(sck));
            requireNonNull(accelerator.spi_cs_n).set(requireNonNull(selectN));
            requireNonNull(accelerator.spi_mosi).set(requireNonNull(mosi));
            requireNonNull(miso).set(requireNonNull(accelerator.spi_miso));
        } else {
            requireNonNull(accelerator.uart_rx).set(requireNonNull(rx));
            requireNonNull(tx).set(requireNonNull(accelerator.uart_tx));
        }
        irq.set(accelerator.irq);
        var bus = p.machine().bus();
        windowBytes = bus.hasFlash() ? (int) bus.flashBase() : 0;
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

    /** Writes into the flash, from the first byte of its window on, as a programmer of boards would; the rest is erased. */
    void program(Simulator simulator, byte[] image) {
        Bool loads = requireNonNull(load, "a machine without a flash");
        ByteBuffer words = ByteBuffer.allocate(windowBytes);
        if (image.length > words.capacity()) {
            throw new IllegalArgumentException(image.length + " bytes for a flash of " + words.capacity());
        }
        Arrays.fill(words.array(), (byte) 0xFF);
        words.put(image).clear();
        simulator.poke(loads, true);
        while (words.hasRemaining()) {
            simulator.poke(requireNonNull(loadWord), words.position() / 4);
            simulator.poke(requireNonNull(loadData), words.getInt() & 0xFFFF_FFFFL);
            simulator.step(1);
        }
        simulator.poke(loads, false);
    }
}
