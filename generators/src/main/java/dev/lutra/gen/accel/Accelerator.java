// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.lib.axi.Axi4;
import dev.lutra.hdl.lib.axi.AxiLite;
import dev.lutra.hdl.lib.registers.AxiLiteSlave;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;

/** A complete accelerator: the host's registers behind AXI4-Lite, and an AXI4 master to memory. */
public final class Accelerator extends Module {

    public final AxiLite s_axi = in(new AxiLite(HostRegisters.OFFSET_BITS));
    public final Axi4 m_axi;

    /** High while a finished region waits to be acknowledged and interrupts are enabled. */
    public final Bool irq = out(bool());

    /** Pipeline stages between the operands of a slot and its engine: of the decoder of packed ternary weights, or of the aligners of FP16 activations. */
    public static int stagesBeforeEngine(Engine engine) {
        return MatrixUnit.stagesBefore(engine);
    }

    /** @param machine what to build; see {@link Machine} for the legal ranges */
    public Accelerator(Machine machine) {
        super(machine);
        doc("Decoupled access-execute accelerator for low-bit matrix products: AXI4-Lite to the host, AXI4 to memory.");
        doc("Write the arguments of a region, set bit 0 of CTRL, wait for the interrupt or for bit 1 of CTRL.");
        var bus = machine.bus();
        m_axi = out(new Axi4(
                bus.addrBits(), bus.dataBits(), ReadPort.idBits(machine.side().exists())));

        var core = new AcceleratorCore(machine);
        var slave = new AxiLiteSlave(HostRegisters.OFFSET_BITS);
        slave.bus.set(s_axi);
        core.host.set(slave.registers);
        irq.set(core.irq);
        var port = new AxiPort(new AxiPort.Params(
                bus.addrBits(),
                bus.dataBits(),
                bus.maxBurst(),
                bus.outstanding(),
                machine.side().exists()));
        port.bus.set(core.memory);
        m_axi.set(port.axi);
    }
}
