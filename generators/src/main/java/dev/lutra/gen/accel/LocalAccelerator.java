// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.machine.Machine;

/** An accelerator with its memory on the chip and a serial line to the host: four pins, for the smallest FPGAs. */
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

    public LocalAccelerator(Params p) {
        super(p);
        doc("Accelerator for low-bit matrix products with memory on the chip and a serial line to the host.");
        var bus = p.machine.bus();
        var core = new AcceleratorCore(p.machine);
        var memory = new LocalMemory(new LocalMemory.Params(bus.addrBits(), bus.dataBits()));
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
    }
}
