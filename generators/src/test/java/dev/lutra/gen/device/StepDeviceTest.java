// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.machine.Buffers;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Unit;
import dev.lutra.machine.VectorShape;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.forward.DecodeStep;
import dev.lutra.map.forward.Draws;
import dev.lutra.map.forward.VectorStep;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.program.Choosing;
import dev.lutra.map.program.StepLayout;
import dev.lutra.map.quant.KvFormat;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.session.MappedModel;
import dev.lutra.runtime.session.RunMeter;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.junit.Engines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Runs of whole steps on the hardware: the bits of the model of the device, up to the token that ends a text. */
final class StepDeviceTest {
    private static final int LANES = 4;

    /** The default machine with four lanes. */
    static Machine machine() {
        Machine s = Machine.standard();
        return new Machine(
                s.engine(),
                s.bus(),
                new Buffers(8192, 1024, 4096, 2048, 8192),
                new VectorShape(LANES, 1024),
                4,
                true,
                0);
    }

    private static Path directory(String model) {
        String root = System.getenv("LUTRA_TEST_DATA");
        assumeTrue(root != null, "LUTRA_TEST_DATA is not set: no shared checkpoints to test with");
        Path directory = Path.of(root, "models", model);
        assumeTrue(Files.isDirectory(directory), directory + " is missing: no shared checkpoint to test with");
        return directory;
    }

    @Engines
    void bitsOfTheModel(EngineKind engine) {
        boolean deep = Boolean.getBoolean("lutra.deep");
        check(engine, "stories260K", WeightFormat.INT4, 32, KvFormat.FLOAT, deep ? 40 : 3);
        for (KvFormat kv : List.of(KvFormat.INT8, KvFormat.FP16)) {
            check(engine, "stories260K", WeightFormat.INT4, 32, kv, deep ? 40 : 3);
        }
        if (deep) {
            check(engine, "stories260K", WeightFormat.INT8, 0, KvFormat.FP16, 40);
            check(engine, "pocket-bitnet", WeightFormat.TERNARY, 0, KvFormat.FP16, 10);
        }
    }

    /** Tokens that the device draws of what is kept, by numbers of the host. */
    private static void drawn(Device device, QuantizedModel model, Choosing choosing, Draws draws) {
        MappedModel mapped = MappedModel.of(model, device.machine(), choosing);
        int positions = StepLayout.of(device.machine(), model).positions();
        List<Integer> right = new ArrayList<>();
        new VectorStep(model, LANES, positions).run(new int[] {1}, 0, 3, draws, (logit, number) -> right.add(number));
        try (var backend =
                new DeviceBackend(device, mapped.program(), mapped.image(), Duration.ofMinutes(5), run -> {})) {
            DecodeStep step = requireNonNull(backend.step(model.model().config(), 3));
            assertThat(step.draws()).isTrue();
            List<Integer> numbers = new ArrayList<>();
            step.run(new int[] {1}, 0, 3, draws, (logit, number) -> numbers.add(number));
            assertThat(numbers).as("%s", choosing).isEqualTo(right).hasSize(3).doesNotHaveDuplicates();
        }
    }

    /** Wherever in a step it was stopped. */
    private static void goesOnAfterAStop(DecodeStep step, VectorStep expected) {
        assertThatThrownBy(() -> step.run(5, 0, 3, (logit, number) -> {
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");
        step.run(7, 0, 1, (logit, number) -> {});
        expected.run(7, 0, 1, (logit, number) -> {});
        assertThat(step.logits(0)).isEqualTo(expected.logits(0));
    }

    private static QuantizedModel model(String name, WeightFormat format, int group, KvFormat kv, List<Integer> ends) {
        LlamaModel m = Checkpoint.open(directory(name)).model();
        LlamaConfig c = m.config();
        LlamaConfig config = new LlamaConfig(
                c.hidden(),
                c.intermediate(),
                c.layers(),
                c.heads(),
                c.kvHeads(),
                c.headDim(),
                c.vocab(),
                c.context(),
                c.ropeTheta(),
                c.ropePairing(),
                c.rmsEps(),
                c.tiedHead(),
                c.bosToken(),
                ends);
        return new QuantizedModel(
                new LlamaModel(m.name(), config, m.embedding(), m.layers(), m.finalNorm(), m.head()),
                new Quantization(format, group, Quantization.Head.INT8).withKv(kv));
    }

    private static void check(EngineKind engine, String name, WeightFormat format, int group, KvFormat kv, int tokens) {
        var endless = model(name, format, group, kv, List.of());
        List<Integer> right = new ArrayList<>();
        Machine machine = machine();
        int positions = StepLayout.of(machine, endless).positions();
        new VectorStep(endless, LANES, positions).run(1, 0, tokens, (logit, number) -> right.add(number));
        int end = right.get(tokens - 1);
        int steps = right.indexOf(end) + 1;
        assertThat(steps).as("steps before the token that ends the text").isGreaterThan(tokens / 2);
        int never = IntStream.iterate(0, i -> i + 1)
                .filter(number -> !right.contains(number))
                .findFirst()
                .orElseThrow();
        var model = model(name, format, group, kv, List.of(never, end));
        MappedModel mapped = MappedModel.of(model, machine);
        RunMeter meter = new RunMeter(mapped.program());
        var simulated = SimulatedDevice.open(machine, engine, MemoryConfig.of(8 << 20, 40));
        try (var device = simulated.device();
                var backend =
                        new DeviceBackend(device, mapped.program(), mapped.image(), Duration.ofMinutes(5), meter)) {
            DecodeStep step = requireNonNull(backend.step(model.model().config(), tokens + 2));
            var expected = new VectorStep(model, LANES, positions);
            List<Integer> numbers = new ArrayList<>();
            step.run(1, 0, tokens + 2, (logit, number) -> numbers.add(number));
            expected.run(1, 0, tokens + 2, (logit, number) -> {});
            assertThat(numbers).as("%s, kv %s", name, kv).isEqualTo(right.subList(0, steps));
            for (int i = 0; i < steps; i++) {
                assertThat(step.logits(i))
                        .as("%s, kv %s, position %d", name, kv, i)
                        .isEqualTo(expected.logits(i));
            }
            // numbers that would end a text do not where they are given
            int[] given = {1, end, never};
            step.run(given, 0, 3, (logit, number) -> {});
            expected.run(given, 0, 3, (logit, number) -> {});
            assertThat(step.logits(2))
                    .as("%s, kv %s, after given tokens", name, kv)
                    .isEqualTo(expected.logits(2));
            // what the matrix unit did is what its formula says
            assertThat(meter.counters().busy().get(Unit.MX)).isEqualTo(meter.formulaCycles());
            assertThat(meter.counters().busy().get(Unit.VEC)).isPositive();
            if (Boolean.getBoolean("lutra.deep")) {
                goesOnAfterAStop(step, expected);
            }
            if (kv == KvFormat.FLOAT) {
                float[] uniforms = {0.8125f, 0.4f - 0.4f % 0x1p-23f, 1 - 0x1p-23f};
                drawn(device, endless, Choosing.DRAWN_OF_BEST, Draws.ofBest(0.4f, 9, uniforms));
                drawn(device, endless, Choosing.DRAWN_OF_NUCLEUS, Draws.ofNucleus(0.4f, 0.7f, uniforms));
            }
        }
    }
}
