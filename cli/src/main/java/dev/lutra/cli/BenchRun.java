// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.gen.device.SimulatedDevice;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Machine;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.session.RunMeter;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The measurements of {@code lutra bench}; memory answers after 40 cycles, at full bandwidth. */
final class BenchRun {

    private static final MemoryConfig MEMORY = MemoryConfig.of(64 << 20, 40);

    /** So long that start-up and the clock's steps do not show. */
    private static final double CPU_SECONDS = 4;

    private static final SyntheticLayers.Shape HEAD = new SyntheticLayers.Shape(1, 512, 64, WeightFormat.INT8, 0);

    /** The linear layers of a token of stories260K: five decoder layers and the vocabulary head. */
    private static final SyntheticLayers TOKEN = new SyntheticLayers(
            "stories260K token, int4 in groups of 32",
            List.of(int4(5, 128, 64, 32), int4(5, 64, 64, 32), int4(5, 344, 64, 32), int4(5, 64, 172, 32), HEAD));

    private static final SyntheticLayers LARGE =
            new SyntheticLayers("4096 x 4096 layer, int4 in groups of 128", List.of(int4(1, 4096, 4096, 128)));

    private final List<BenchResult.Reached> accelerator = new ArrayList<>();
    private final List<BenchResult.Speed> sim = new ArrayList<>();
    private final Consumer<String> progress;

    private BenchRun(Consumer<String> progress) {
        this.progress = progress;
    }

    private static SyntheticLayers.Shape int4(int layers, int n, int k, int group) {
        return new SyntheticLayers.Shape(layers, n, k, WeightFormat.INT4, group);
    }

    /** Measures everything; {@code progress} is told of each step. */
    static BenchResult measure(Consumer<String> progress) {
        BenchRun run = new BenchRun(progress);
        run.measure();
        return new BenchResult(run.accelerator, run.sim);
    }

    private void measure() {
        Machine standard = Machine.standard();
        try (Device device = open(standard, EngineKind.EMBEDDED)) {
            speed("embedded", device);
        }
        try (Device device = open(standard, EngineKind.VERILATOR)) {
            speed("Verilator", device);
            reached(TOKEN, device);
            reached(LARGE, device);
        }
        Bus bus = standard.bus();
        Bus wide = new Bus(
                bus.kind(), 2 * bus.dataBits(), bus.addrBits(), bus.maxBurst(), bus.outstanding(), bus.onChipBits());
        Machine wider = new Machine(standard.engine(), wide, standard.buffers(), standard.queueDepth(), true);
        try (Device device = open(wider, EngineKind.VERILATOR)) {
            reached(TOKEN, device);
        }
    }

    private Device open(Machine machine, EngineKind engine) {
        progress.accept("opening a " + machine.bus().dataBits() + "-bit accelerator, engine " + engine);
        return SimulatedDevice.open(machine, engine, MEMORY).device();
    }

    private void reached(SyntheticLayers layers, Device device) {
        progress.accept("running " + layers.name());
        RunMeter meter = layers.run(device, ran -> ran < 1);
        accelerator.add(new BenchResult.Reached(
                layers.name(),
                device.machine().bus().dataBits(),
                meter.counters().cycles(),
                meter.ceilingCycles()));
    }

    private void speed(String engine, Device device) {
        progress.accept("timing " + engine);
        double[] start = {0};
        double[] spent = {0};
        RunMeter meter = TOKEN.run(device, ran -> {
            if (ran == 0) {
                start[0] = cpuSeconds();
            }
            spent[0] = cpuSeconds() - start[0];
            return spent[0] < CPU_SECONDS;
        });
        sim.add(new BenchResult.Speed(engine, meter.counters().cycles(), spent[0]));
    }

    private static double cpuSeconds() {
        var system = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        return system.getProcessCpuTime() / 1e9;
    }
}
