// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.gen.device.SimulatedDevice;
import dev.lutra.machine.Unit;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.session.RunMeter;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.verify.EngineSetup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code lutra bench engines}: cycles per token of two models on every engine, side by side, in the embedded simulator. */
final class EngineBench {

    private static final MemoryConfig MEMORY = MemoryConfig.of(16 << 20, 40);

    /** The shapes of a model: what its cycles depend on. */
    private record Model(String name, int layers, int[][] matrices, int[] head) {}

    private static final List<Model> MODELS = List.of(
            new Model("stories260K", 5, new int[][] {{128, 64}, {64, 64}, {344, 64}, {64, 172}}, new int[] {512, 64}),
            new Model("pocket-bitnet", 6, new int[][] {{256, 128}, {128, 128}, {768, 128}, {128, 384}}, new int[] {
                512, 128
            }));

    /**
     * One model on one engine.
     *
     * @param layers the decoder layers of a token
     * @param head its vocabulary head, INT8 per row; null where it is left to the host
     */
    record Row(
            String model,
            EngineSetup setup,
            Part layers,
            @Nullable Part head) {}

    /**
     * Cycles, start to done, over all regions.
     *
     * @param compute busy cycles of the matrix unit, as counted by the hardware
     * @param formula the same as the engine's formula has them
     * @param bytesRead from memory, as counted by the hardware
     */
    record Part(long cycles, long ceiling, long compute, long formula, long bytesRead) {}

    private EngineBench() {}

    static List<Row> measure(Consumer<String> progress) {
        List<Row> rows = new ArrayList<>();
        for (EngineSetup setup : EngineSetup.all()) {
            progress.accept("running " + setup.name());
            try (Device device = SimulatedDevice.open(setup.machine(), EngineKind.EMBEDDED, MEMORY)
                    .device()) {
                Quantization how = setup.quantization();
                for (Model model : MODELS) {
                    List<SyntheticLayers.Shape> layers = new ArrayList<>();
                    for (int[] nk : model.matrices()) {
                        layers.add(
                                new SyntheticLayers.Shape(model.layers(), nk[0], nk[1], how.format(), how.groupSize()));
                    }
                    var head = new SyntheticLayers.Shape(1, model.head()[0], model.head()[1], WeightFormat.INT8, 0);
                    rows.add(new Row(
                            model.name(),
                            setup,
                            part(model.name(), layers, device),
                            how.head() == Quantization.Head.INT8 ? part(model.name(), List.of(head), device) : null));
                }
            }
        }
        return rows;
    }

    private static Part part(String name, List<SyntheticLayers.Shape> shapes, Device device) {
        RunMeter meter = new SyntheticLayers(name, shapes).run(device, ran -> ran < 1);
        return new Part(
                meter.counters().cycles(),
                meter.ceilingCycles(),
                meter.counters().busy().getOrDefault(Unit.MX, 0L),
                meter.formulaCycles(),
                meter.counters().bytesRead());
    }

    static Map<String, Object> json(Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", row.model());
        json.put("engine", row.setup().machine().engine().kind());
        json.put("setup", row.setup().name());
        json.put("layers", json(row.layers()));
        if (row.head() != null) {
            json.put("head", json(row.head()));
        }
        return json;
    }

    private static Map<String, Object> json(Part part) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cycles", part.cycles());
        json.put("ceiling_cycles", part.ceiling());
        json.put("fraction", (double) part.ceiling() / part.cycles());
        json.put("compute_cycles", part.compute());
        json.put("formula_cycles", part.formula());
        json.put("bytes_read", part.bytesRead());
        return json;
    }

    static String table(List<Row> rows) {
        var table = new StringBuilder();
        table.append("%-14s %-27s %9s %9s %8s %9s %9s %9s %11s %9s%n"
                .formatted(
                        "model",
                        "engine, weights",
                        "layers",
                        "ceiling",
                        "reached",
                        "compute",
                        "formula",
                        "read B",
                        "with head",
                        "reached"));
        for (Row row : rows) {
            Part layers = row.layers();
            Part head = row.head();
            table.append("%-14s %-27s %9d %9d %6.1f %% %9d %9d %9d %11s %9s%n"
                    .formatted(
                            row.model(),
                            row.setup().name(),
                            layers.cycles(),
                            layers.ceiling(),
                            100.0 * layers.ceiling() / layers.cycles(),
                            layers.compute(),
                            layers.formula(),
                            layers.bytesRead(),
                            head == null ? "-" : layers.cycles() + head.cycles(),
                            head == null
                                    ? "-"
                                    : "%.1f %%"
                                            .formatted(100.0
                                                    * (layers.ceiling() + head.ceiling())
                                                    / (layers.cycles() + head.cycles()))));
        }
        return table.toString();
    }
}
