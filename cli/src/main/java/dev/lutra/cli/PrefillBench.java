// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.gen.device.SimulatedDevice;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Unit;
import dev.lutra.map.quant.LayerFormat;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.session.RunMeter;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** {@code lutra bench prefill}: the linear layers of a prompt on machines that take several rows of activations together, in the embedded simulator. */
final class PrefillBench {

    /** Tokens of the prompt. */
    private static final int TOKENS = 64;

    private static final int ROWS = 8;
    private static final int[] BUSES = {128, 256};
    private static final MemoryConfig MEMORY = MemoryConfig.of(16 << 20, 40);

    private static final List<SyntheticLayers> MODELS = List.of(
            layers("stories260K", 5, WeightFormat.INT4, 32, new int[][] {{128, 64}, {64, 64}, {344, 64}, {64, 172}}),
            layers("pocket-bitnet", 6, WeightFormat.TERNARY, 0, new int[][] {
                {256, 128}, {128, 128}, {768, 128}, {128, 384}
            }));

    /**
     * A prompt of {@link #TOKENS} tokens.
     *
     * @param cycles from start to done, over all regions
     * @param compute busy cycles of the matrix unit
     * @param ceiling of the regions, the weights of each moved once
     * @param streamed the same with its weights moved once for each {@link #ROWS} tokens
     */
    record Row(String model, int busBits, long cycles, long compute, long bytesRead, long ceiling, long streamed) {}

    private PrefillBench() {}

    private static SyntheticLayers layers(String name, int layers, LayerFormat format, int group, int[][] matrices) {
        List<SyntheticLayers.Shape> shapes = new ArrayList<>();
        for (int[] nk : matrices) {
            shapes.add(new SyntheticLayers.Shape(layers, nk[0], nk[1], format, group));
        }
        return new SyntheticLayers(name, shapes);
    }

    static List<Row> measure(Consumer<String> progress) {
        List<Row> rows = new ArrayList<>();
        for (int bus : BUSES) {
            try (Device device = SimulatedDevice.open(machine(bus), EngineKind.EMBEDDED, MEMORY)
                    .device()) {
                for (SyntheticLayers model : MODELS) {
                    progress.accept("running %d tokens of %s, %d-bit bus".formatted(TOKENS, model.name(), bus));
                    RunMeter whole = model.run(device, TOKENS, ran -> ran < 1);
                    RunMeter pass = model.run(device, ROWS, ran -> ran < 1);
                    rows.add(new Row(
                            model.name(),
                            bus,
                            whole.counters().cycles(),
                            whole.counters().busy().getOrDefault(Unit.MX, 0L),
                            whole.counters().bytesRead(),
                            whole.ceilingCycles(),
                            pass.ceilingCycles() * (TOKENS / ROWS)));
                }
            }
        }
        return rows;
    }

    /** The machine of {@code lutra gen --rows 8 --bus BITS}. */
    private static Machine machine(int busBits) {
        Machine s = Machine.standard();
        Engine e = s.engine();
        var engine = new Engine(
                e.kind(), ROWS, e.n(), e.g(), e.t(), e.maxBits(), e.groupScales(), e.innerBits(), e.outerBits());
        Bus b = s.bus();
        return new Machine(
                engine,
                new Bus(b.kind(), busBits, b.addrBits(), b.maxBurst(), b.outstanding()),
                s.buffers(),
                s.queueDepth(),
                true);
    }

    static Map<String, Object> json(Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", row.model());
        json.put("tokens", TOKENS);
        json.put("rows", ROWS);
        json.put("bus_bits", row.busBits());
        json.put("cycles", row.cycles());
        json.put("compute_cycles", row.compute());
        json.put("bytes_read", row.bytesRead());
        json.put("ceiling_cycles", row.ceiling());
        json.put("streamed_ceiling_cycles", row.streamed());
        return json;
    }

    static String table(List<Row> rows) {
        var table = new StringBuilder();
        table.append(
                "%d tokens, %d rows together: cycles beside the ceiling, weights moved once, and once for each %d rows%n"
                        .formatted(TOKENS, ROWS, ROWS));
        table.append("%-14s %5s %9s %9s %9s %9s %6s %12s %6s%n"
                .formatted("model", "bus", "cycles", "compute", "read B", "ceiling", "times", "with weights", "times"));
        for (Row row : rows) {
            table.append("%-14s %5d %9d %9d %9d %9d %6.2f %12d %6.2f%n"
                    .formatted(
                            row.model(),
                            row.busBits(),
                            row.cycles(),
                            row.compute(),
                            row.bytesRead(),
                            row.ceiling(),
                            (double) row.cycles() / row.ceiling(),
                            row.streamed(),
                            (double) row.cycles() / row.streamed()));
        }
        return table.toString();
    }
}
