// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;
import static java.util.Objects.requireNonNull;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.machine.Machine;
import org.jspecify.annotations.Nullable;

/** An accelerator with its memory on the chip and a serial line or an SPI bus to the host, for the smallest FPGAs; its weights may be in the board's flash. */
public final class LocalAccelerator extends Module {

    /**
     * @param machine what to build; its bus is local and 32 bits wide
     * @param line to the host
     */
    public record Params(Machine machine, HostLine line) {

        public Params {
            var bus = machine.bus();
            if (bus.dataBits() != 32) {
                throw new IllegalArgumentException(
                        "the serial host bridge moves 32-bit words; bus.dataBits is " + bus.dataBits());
            }
        }
    }

    /** Of an asynchronous line; null on an SPI bus, as is {@link #uart_tx}. */
    public final @Nullable Bool uart_rx;

    public final @Nullable Bool uart_tx;

    /** Clock of an SPI bus; null on an asynchronous line, as the three that follow. */
    public final @Nullable Bool spi_sck;

    /** Chip select, low during a transfer. */
    public final @Nullable Bool spi_cs_n;

    public final @Nullable Bool spi_mosi;

    /** For a pin that lets go while chip select is high. */
    public final @Nullable Bool spi_miso;

    /** High while a finished region waits to be acknowledged and interrupts are enabled. */
    public final Bool irq = out(bool());

    /** Clock of the flash; this and all below is null where the machine reads none. */
    public final @Nullable Bool flash_sck;

    /** Chip select, low while the flash is spoken to. */
    public final @Nullable Bool flash_cs_n;

    /** Data line 0 on its way out. */
    public final @Nullable Bool flash_out;

    /** Whether it goes out. */
    public final @Nullable Bool flash_drives;

    /** Data lines 3 to 0 on their way in. */
    public final @Nullable Bits flash_in;

    public LocalAccelerator(Params p) {
        super(p);
        doc("Accelerator for low-bit matrix products with memory on the chip and a line to the host.");
        var bus = p.machine.bus();
        var core = new AcceleratorCore(p.machine);
        var memory = new LocalMemory(new LocalMemory.Params(bus.addrBits(), bus.dataBits(), bus.onChipBits()));
        var bridge = new SerialBridge(new SerialBridge.Params(bus.addrBits() - Log2.exact(bus.beatBytes())));
        boolean spi = p.line instanceof HostLine.Spi;
        uart_rx = spi ? null : in(bool());
        uart_tx = spi ? null : out(bool());
        spi_sck = spi ? in(bool()) : null;
        spi_cs_n = spi ? in(bool()) : null;
        spi_mosi = spi ? in(bool()) : null;
        spi_miso = spi ? out(bool()) : null;
        if (p.line instanceof HostLine.Uart uart) {
            var line = new UartLine(uart);
            line.rx.set(requireNonNull(uart_rx));
            requireNonNull(uart_tx).set(line.tx);
            bridge.line.set(line.bytes);
        } else {
            var line = new SpiLine();
            line.sck.set(requireNonNull(spi_sck));
            line.selectN.set(requireNonNull(spi_cs_n));
            line.mosi.set(requireNonNull(spi_mosi));
            requireNonNull(spi_miso).set(line.miso);
            bridge.line.set(line.bytes);
        }
        core.host.set(bridge.registers);
        irq.set(core.irq);
        memory.bus.set(core.memory);
        memory.hostRequest.set(bridge.memoryRequest);
        memory.hostWrites.set(bridge.memoryWrites);
        memory.hostWord.set(bridge.memoryWord);
        memory.hostData.set(bridge.memoryData);
        bridge.memoryAccepted.set(memory.hostAccepted);
        bridge.memoryAnswer.set(memory.hostAnswer);

        flash_sck = bus.hasFlash() ? out(bool()) : null;
        flash_cs_n = bus.hasFlash() ? out(bool()) : null;
        flash_out = bus.hasFlash() ? out(bool()) : null;
        flash_drives = bus.hasFlash() ? out(bool()) : null;
        flash_in = bus.hasFlash() ? in(bits(4)) : null;
        if (bus.hasFlash()) {
            var reader = new FlashReader(new FlashReader.Params(bus.addrBits() - 1, bus.flashBase()));
            requireNonNull(flash_sck).set(reader.sck);
            requireNonNull(flash_cs_n).set(reader.selectN);
            requireNonNull(flash_out).set(reader.out);
            requireNonNull(flash_drives).set(reader.drives);
            reader.lines.set(requireNonNull(flash_in));
            reader.request.set(requireNonNull(memory.flashRequest));
            reader.word.set(requireNonNull(memory.flashWord));
            requireNonNull(memory.flashAccept).set(reader.accept);
            requireNonNull(memory.flashData).set(reader.data);
        }
    }
}
