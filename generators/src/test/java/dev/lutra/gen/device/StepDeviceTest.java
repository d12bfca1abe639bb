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
import dev.lutra.map.forward.AfterAttention;
import dev.lutra.map.forward.VectorAfterAttention;
import dev.lutra.map.model.LlamaConfig;
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
import java.util.Random;

/** What follows attention, in one region on the hardware: the bits of the model of the device. */
final class FusedRegionDeviceTest {
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
        check(engine, "stories260K", WeightFormat.INT4, 32, deep ? 3 : 1);
        if (deep) {
            check(engine, "stories260K", WeightFormat.INT8, 0, 3);
            check(engine, "pocket-bitnet", WeightFormat.TERNARY, 0, 3);
        }
    }

    private static void check(EngineKind engine, String name, WeightFormat format, int group, int rows) {
        var model = new QuantizedModel(
                Checkpoint.open(directory(name)).model(), new Quantization(format, group, Quantization.Head.INT8));
        LlamaConfig config = model.model().config();
        Machine s = Machine.standard();
        Machine machine = new Machine(
                s.engine(),
                s.bus(),
                new Buffers(8192, 1024, 4096, 2048, 8192),
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
            AfterAttention after = requireNonNull(backend.afterAttention(config));
            var expected = new VectorAfterAttention(model, LANES);
            Random random = new Random(3);
            int layer = config.layers() - 1;
            float[][] mixed = rows(random, rows, config.queryWidth());
            float[][] x = rows(random, rows, config.hidden());
            assertThat(after.layer(layer, mixed, x)).as(name).isDeepEqualTo(expected.layer(layer, mixed, x));
            assertThat(after.logits(x)).as(name).isDeepEqualTo(expected.logits(x));
            // what the matrix unit did is what its formula says
            assertThat(meter.counters().busy().get(Unit.MX)).isEqualTo(meter.formulaCycles());
            assertThat(meter.counters().busy().get(Unit.VEC)).isPositive();
        }
    }

    private static float[][] rows(Random random, int count, int n) {
        float[][] rows = new float[count][n];
        for (float[] row : rows) {
            for (int i = 0; i < n; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return rows;
    }
}
