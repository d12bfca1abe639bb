// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.gen.accel.Accelerator;
import dev.lutra.gen.device.SimulatedDevice;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.ir.Port;
import dev.lutra.machine.Machine;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.pe.systolic.SystolicArray;
import dev.lutra.sim.Simulators;
import dev.lutra.sim.embedded.EmbeddedEngine;
import dev.lutra.sim.engine.MemoryConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A design that {@code lutra bench sim} runs, with the ports of a row of stimulus and of a row of response.
 *
 * @param design elaborated
 * @param inputs all inputs but clock and reset, in order
 * @param outputs all outputs, in order
 */
record BenchDesign(Elaboration<?> design, List<? extends Data> inputs, List<? extends Data> outputs) {
    static final long SEED = 1;

    private static final int ROWS = 4096;

    /** What the accelerator works at while its inputs are recorded: about as many cycles as {@link #ROWS}. */
    private static final SyntheticLayers WORK = new SyntheticLayers(
            "layer of the simulator benchmark", List.of(new SyntheticLayers.Shape(1, 768, 128, WeightFormat.INT4, 32)));

    /**
     * Which design.
     *
     * @param n rows and columns of the systolic array (INT8, 32-bit sums); null: the default accelerator
     */
    record Name(@Nullable Integer n) {
        String design() {
            return n == null ? "accelerator" : "systolic_array";
        }

        @Override
        public String toString() {
            return n == null ? "default accelerator" : "systolic array " + n + " x " + n;
        }
    }

    static BenchDesign of(Name name) {
        Integer n = name.n();
        return n == null ? accelerator(Circuit.of(() -> new Accelerator(Machine.standard()))) : array(n);
    }

    /** The ports of a row of stimulus: the inputs' leaves, in order. */
    List<Port> inputPorts() {
        return ports(inputs);
    }

    /** The ports of a row of response. */
    List<Port> outputPorts() {
        return ports(outputs);
    }

    private List<Port> ports(List<? extends Data> signals) {
        return signals.stream().flatMap(signal -> design.ports(signal).stream()).toList();
    }

    /** 64-bit words of a row of stimulus. */
    int stimulusWords() {
        return inputPorts().stream()
                .mapToInt(port -> (port.type().width() + 63) / 64)
                .sum();
    }

    private static BenchDesign array(int n) {
        var params = new SystolicArray.Params(n, 8, 32);
        var design = Circuit.of(() -> new SystolicArray(params));
        var top = design.top();
        return new BenchDesign(design, List.of(top.enable, top.clear, top.row, top.a, top.b), List.of(top.sums));
    }

    private static BenchDesign accelerator(Elaboration<Accelerator> design) {
        var s = design.top().s_axi;
        var m = design.top().m_axi;
        return new BenchDesign(
                design,
                List.of(
                        s.awvalid, s.awaddr, s.wvalid, s.wdata, s.wstrb, s.bready, s.arvalid, s.araddr, s.rready,
                        m.arready, m.rvalid, m.rdata, m.rresp, m.rlast, m.rid, m.awready, m.wready, m.bvalid, m.bresp,
                        m.bid),
                List.of(
                        s.awready,
                        s.wready,
                        s.bvalid,
                        s.bresp,
                        s.arready,
                        s.rvalid,
                        s.rdata,
                        s.rresp,
                        m.arvalid,
                        m.araddr,
                        m.arlen,
                        m.arsize,
                        m.arburst,
                        m.arid,
                        m.rready,
                        m.awvalid,
                        m.awaddr,
                        m.awlen,
                        m.awsize,
                        m.awburst,
                        m.awid,
                        m.wvalid,
                        m.wdata,
                        m.wstrb,
                        m.wlast,
                        m.bready,
                        design.top().irq));
    }

    /**
     * Rows of stimulus for as many cycles, in native order. The array takes random operands and reads a random row of sums in
     * every cycle, moves in 15 of 16 and is cleared in one of 64. The accelerator's are recorded from the work on a layer of random weights
     * and activations: what host and memory say to it from the end of reset until it is idle again.
     */
    static ByteBuffer stimulus(Name name) {
        return name.n() == null ? recorded() : random(name.n());
    }

    private static ByteBuffer random(int n) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * ROWS * (3 + 2 * n)).order(ByteOrder.nativeOrder());
        LongBuffer rows = bytes.asLongBuffer();
        var random = new SplittableRandom(SEED);
        for (int i = 0; i < ROWS; i++) {
            rows.put(random.nextInt(16) < 15 ? 1 : 0);
            rows.put(random.nextInt(64) == 0 ? 1 : 0);
            rows.put(random.nextInt(n));
            for (int k = 0; k < 2 * n; k++) {
                rows.put(random.nextInt(256));
            }
        }
        return bytes;
    }

    private static ByteBuffer recorded() {
        Machine machine = Machine.standard();
        var design = Circuit.of(() -> new Accelerator(machine));
        List<Port> ports = design.circuit().top().ports();
        int[] inputs = accelerator(design).inputs().stream()
                .mapToInt(signal -> ports.indexOf(design.port(signal)))
                .toArray();
        var recorder = new Recorder(EmbeddedEngine.open(design.circuit()), ports, inputs);
        try (var simulation = SimulatedDevice.over(
                        machine, design.top(), Simulators.on(design, recorder), MemoryConfig.of(64 << 20, 40))
                .device()) {
            WORK.run(simulation, turns -> false);
        }
        return recorder.rows();
    }
}
