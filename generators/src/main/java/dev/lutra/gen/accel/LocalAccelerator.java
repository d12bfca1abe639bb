// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;
import static java.util.Objects.requireNonNull;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.machine.Machine;
import org.jspecify.annotations.Nullable;

/** An accelerator with its memory on the chip and a serial line to the host, for the smallest FPGAs; its weights may be in the board's flash. */
public final class LocalAccelerator extends Module {

    /**
     * @param machine what to build; its bus is local and 32 bits wide
     * @param clocksPerBit cycles of a bit on the serial line
     * @param quietBits 2^quietBits cycles of silence end a command on the serial line that does not go on
     */
    public record Params(Machine machine, int clocksPerBit, int quietBits) {

        /** At 12 MHz, 5 milliseconds: more than hosts pause within a command. */
        private static final int QUIET_BITS = 16;

        /** Silence for boards. */
        public Params(Machine machine, int clocksPerBit) {
            this(machine, clocksPerBit, QUIET_BITS);
        }

        public Params {
            var bus = machine.bus();
            if (bus.dataBits() != 32) {
                throw new IllegalArgumentException(
                        "the serial host bridge moves 32-bit words; bus.dataBits is " + bus.dataBits());
            }
        }
    }

    public final Bool uart_rx = in(bool());
    public final Bool uart_tx = out(bool());

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
        doc("Accelerator for low-bit matrix products with memory on the chip and a serial line to the host.");
        var bus = p.machine.bus();
        var core = new AcceleratorCore(p.machine);
        var memory = new LocalMemory(new LocalMemory.Params(bus.addrBits(), bus.dataBits(), bus.onChipBits()));
        var bridge = new UartBridge(
                new UartBridge.Params(p.clocksPerBit, p.quietBits, bus.addrBits() - Log2.exact(bus.beatBytes())));
        bridge.rx.set(uart_rx);
        uart_tx.set(bridge.tx);
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
