// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.gen.device.SimulatedDevice;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Unit;
import dev.lutra.machine.UserException;
import dev.lutra.map.forward.DecodeStep;
import dev.lutra.map.forward.VectorStep;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.Region;
import dev.lutra.map.plan.Ceiling;
import dev.lutra.map.program.StepLayout;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.runtime.device.Counters;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.DeviceAddress;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.linear.RegionRun;
import dev.lutra.runtime.session.CheckedBackend;
import dev.lutra.runtime.session.MappedModel;
import dev.lutra.sim.EngineKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code lutra bench step}: whole decode steps on the device, beside what no schedule could beat. */
final class StepBench {
    private static final DecodeStep.Choice NOBODY = (logit, token) -> {};
    private static final long SEED = 1;
    private static final Duration TIMEOUT = Duration.ofHours(1);

    /** Memory beside weights and cache: program and results. */
    private static final long ROOM = 2 << 20;

    /**
     * One step.
     *
     * @param position positions before it
     * @param counters of the hardware
     */
    record Row(StepCase of, int position, Ceiling ceiling, Counters counters) {
        double fraction() {
            return (double) ceiling.cycles() / counters.cycles();
        }

        /** What the ceiling is made of. */
        String bound() {
            return ceiling.memoryCycles() >= ceiling.computeCycles() ? "memory" : "products";
        }

        long busy(Unit unit) {
            return counters.busy().getOrDefault(unit, 0L);
        }
    }

    private StepBench() {}

    /** @param device address of a simulator; null for the fastest that can run here */
    static EngineKind simulator(@Nullable String device) {
        DeviceAddress address = DeviceAddress.parse(device == null ? DefaultDevice.address() : device);
        if (address.scheme().equals("sim") && address.options().isEmpty()) {
            for (EngineKind kind : EngineKind.values()) {
                if (kind.toString().equals(address.name())) {
                    return kind;
                }
            }
        }
        throw UserException.badInput(
                "--device is '" + device + "', which is no simulator alone",
                "bench step has machines and memories of its own: sim:verilator, sim:embedded or sim:icarus");
    }

    static List<Row> measure(List<StepCase> cases, EngineKind simulator, Consumer<String> progress) {
        List<Row> rows = new ArrayList<>();
        for (StepCase of : cases) {
            progress.accept("running " + of.model() + ", " + of.weights() + ", " + of.machineText());
            rows.addAll(measure(of, simulator));
        }
        return rows;
    }

    /** The steps of a model: keys and values before them are random, and bits of all logits are compared with the model of the device. */
    private static List<Row> measure(StepCase of, EngineKind simulator) {
        QuantizedModel model = of.load().get();
        LlamaConfig config = model.model().config();
        Machine machine = of.machine();
        MappedModel mapped = MappedModel.of(model, machine);
        if (!mapped.program().hasStep()) {
            throw new IllegalStateException(
                    of + " has no step: " + mapped.program().noStep());
        }
        StepLayout layout = StepLayout.of(machine, model);
        long bytes = mapped.image().remaining() + layout.cacheBytes() + ROOM;
        List<RegionRun> runs = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        try (Device device = SimulatedDevice.open(
                                machine, simulator, of.memory().withBytes(whole(bytes)))
                        .device();
                DeviceBackend backend =
                        new DeviceBackend(device, mapped.program(), mapped.image(), TIMEOUT, runs::add)) {
            var checked = new CheckedBackend(backend, backend);
            DecodeStep step = checked.step(
                    Objects.requireNonNull(backend.step(config, 1)),
                    new VectorStep(model, machine.vector().lanes(), layout.positions()));
            SplittableRandom random = new SplittableRandom(SEED);
            backend.run(Region.HEAD, 0, new byte[1][config.hidden()]); // fills the program cache
            int kept = 0;
            for (int position : of.positions()) {
                for (; kept < position; kept++) {
                    for (int layer = 0; layer < config.layers(); layer++) {
                        step.keep(layer, kept, random(random, config.kvWidth()), random(random, config.kvWidth()));
                    }
                }
                step.run(random.nextInt(config.vocab()), position, 1, NOBODY);
                if (!checked.exact()) {
                    throw new UserException(
                            UserException.Kind.MISMATCH,
                            of.model() + " on " + device.description() + ": " + checked.firstDifference(),
                            null);
                }
                kept = position + 1;
                RegionRun run = runs.get(runs.size() - 1);
                rows.add(new Row(of, position, mapped.program().ceiling(run.region(), position), run.counters()));
            }
        }
        return rows;
    }

    private static float[] random(SplittableRandom random, int n) {
        float[] vector = new float[n];
        for (int i = 0; i < n; i++) {
            vector[i] = (float) random.nextDouble(-1, 1);
        }
        return vector;
    }

    private static long whole(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20 << 20;
    }

    static Map<String, Object> json(Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", row.of().model());
        json.put("weights", row.of().weights());
        json.put("machine", row.of().machineText());
        json.put("position", row.position());
        json.put("cycles", row.counters().cycles());
        json.put("ceiling_cycles", row.ceiling().cycles());
        json.put("bound", row.bound());
        json.put("fraction", row.fraction());
        json.put("mx_busy", row.busy(Unit.MX));
        json.put("vec_busy", row.busy(Unit.VEC));
        json.put("bytes_read", row.counters().bytesRead());
        return json;
    }

    static String table(List<Row> rows) {
        var table = new StringBuilder();
        table.append("%-20s %-18s %-52s %8s %9s %9s %-8s %8s %9s %9s %11s%n"
                .formatted(
                        "model",
                        "weights",
                        "machine",
                        "position",
                        "cycles",
                        "ceiling",
                        "bound",
                        "reached",
                        "MX busy",
                        "VEC busy",
                        "read B"));
        for (Row row : rows) {
            table.append("%-20s %-18s %-52s %8d %9d %9d %-8s %6.1f %% %9d %9d %11d%n"
                    .formatted(
                            row.of().model(),
                            row.of().weights(),
                            row.of().machineText(),
                            row.position(),
                            row.counters().cycles(),
                            row.ceiling().cycles(),
                            row.bound(),
                            100 * row.fraction(),
                            row.busy(Unit.MX),
                            row.busy(Unit.VEC),
                            row.counters().bytesRead()));
        }
        return table.toString();
    }
}
