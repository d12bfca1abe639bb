// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.machine.Buffers;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Unit;
import dev.lutra.machine.VectorShape;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.forward.DecodeStep;
import dev.lutra.map.forward.VectorStep;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.session.MappedModel;
import dev.lutra.runtime.session.RunMeter;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.junit.Engines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Whole steps on the hardware: the bits of the model of the device. */
final class StepDeviceTest {
    private static final int LANES = 4;

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
        check(engine, "stories260K", WeightFormat.INT4, 32, deep ? 40 : 3);
        if (deep) {
            check(engine, "stories260K", WeightFormat.INT8, 0, 40);
            check(engine, "pocket-bitnet", WeightFormat.TERNARY, 0, 10);
        }
    }

    private static void check(EngineKind engine, String name, WeightFormat format, int group, int tokens) {
        var model = new QuantizedModel(
                Checkpoint.open(directory(name)).model(), new Quantization(format, group, Quantization.Head.INT8));
        Machine s = Machine.standard();
        Machine machine = new Machine(
                s.engine(),
                s.bus(),
                new Buffers(8192, 1024, 4096, 2048, 4096),
                new VectorShape(LANES, 1024),
                4,
                true,
                0);
        MappedModel mapped = MappedModel.of(model, machine);
        RunMeter meter = new RunMeter(mapped.program());
        var simulated = SimulatedDevice.open(machine, engine, MemoryConfig.of(8 << 20, 40));
        try (var device = simulated.device();
                var backend =
                        new DeviceBackend(device, mapped.program(), mapped.image(), Duration.ofMinutes(5), meter)) {
            DecodeStep step = requireNonNull(backend.step(model.model().config()));
            var expected = new VectorStep(model, LANES);
            int token = 1;
            for (int position = 0; position < tokens; position++) {
                step.run(token, position);
                expected.run(token, position);
                assertThat(step.logits()).as("%s, position %d", name, position).isEqualTo(expected.logits());
                token = step.greatest();
                assertThat(token).as("%s, position %d", name, position).isEqualTo(expected.greatest());
            }
            // what the matrix unit did is what its formula says
            assertThat(meter.counters().busy().get(Unit.MX)).isEqualTo(meter.formulaCycles());
            assertThat(meter.counters().busy().get(Unit.VEC)).isPositive();
        }
    }
}
