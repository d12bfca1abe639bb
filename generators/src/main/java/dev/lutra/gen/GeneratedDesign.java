// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen;

import dev.lutra.gen.accel.Accelerator;
import dev.lutra.gen.accel.HostLine;
import dev.lutra.gen.accel.LocalAccelerator;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Machine;
import dev.lutra.machine.MachineFile;
import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixEngines;
import dev.lutra.pe.MatrixShape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An accelerator as generated: its elaborated circuit, its Verilog, and the machine.json that tells software of it.
 *
 * @param elaboration the circuit, for the simulators
 * @param verilog one file per module, children before parents
 * @param machineFile parameters, fingerprint, build id and the latencies known from elaboration
 */
public record GeneratedDesign(
        Elaboration<? extends Module> elaboration, List<VerilogFile> verilog, MachineFile machineFile) {

    /** Clock of the serial line's default bit rate: 12 MHz over 115,200 bits per second. */
    private static final int CLOCKS_PER_BIT = 104;

    /** Generates the accelerator of a machine; one with memory on the chip for 115,200 baud at 12 MHz. */
    public static GeneratedDesign of(Machine machine) {
        return machine.bus().kind() == Bus.Kind.AXI4
                ? of(machine, Circuit.of(() -> new Accelerator(machine)))
                : serial(machine, new HostLine.Uart(CLOCKS_PER_BIT));
    }

    /**
     * Generates an accelerator with its memory on the chip.
     *
     * @param line to its host
     */
    public static GeneratedDesign serial(Machine machine, HostLine line) {
        return of(machine, Circuit.of(() -> new LocalAccelerator(new LocalAccelerator.Params(machine, line))));
    }

    private static GeneratedDesign of(Machine machine, Elaboration<? extends Module> elaboration) {
        List<VerilogFile> verilog = VerilogWriter.write(elaboration.circuit());
        return new GeneratedDesign(
                elaboration, verilog, MachineFile.of(machine, BuildId.of(verilog), latencies(machine)));
    }

    private static Map<String, Integer> latencies(Machine machine) {
        Map<String, Integer> latencies = new TreeMap<>();
        MatrixEngine engine = MatrixEngines.of(machine.engine());
        MatrixShape shape = MatrixEngines.shape(machine.engine());
        int before = Accelerator.stagesBeforeEngine(machine.engine());
        latencies.put("mx.result", before + engine.latency(shape, false));
        if (machine.engine().groupScales()) {
            latencies.put("mx.scaledResult", before + engine.latency(shape, true));
        }
        return latencies;
    }
}
