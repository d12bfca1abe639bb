// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.gen.device.SimulatedDevice;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.forward.KvCache;
import dev.lutra.map.forward.LinearBackend;
import dev.lutra.map.forward.QuantizedLinears;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.pe.MatrixEngines;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.session.CheckedBackend;
import dev.lutra.runtime.session.MappedModel;
import dev.lutra.runtime.session.RunMeter;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * stories260K, INT3, with outliers apart that the side engine adds up: logits are to the bit those of a host that does so, and all sums the reference's, on machines with and
 * without a side engine.
 */
@EnabledIfSystemProperty(named = "lutra.deep", matches = "true", disabledReason = "deep runs only")
class OutlierTextTest {
    private static final int[] PROMPT = {1, 403, 407};
    private static final int TOKENS = 3;

    @ParameterizedTest
    @CsvSource({"lut-int, 0.45", "lut-int, 1", "dsp, 0.45", "dsp, 1", "mac, 3"})
    void logitsAreThoseOfTheHost(String engine, double percent) {
        String root = System.getenv("LUTRA_TEST_DATA");
        assumeTrue(root != null, "skipped: LUTRA_TEST_DATA is not set");
        Path directory = Path.of(root, "models", "stories260K");
        assumeTrue(Files.isDirectory(directory), "skipped: no " + directory);
        LlamaModel model = Checkpoint.open(directory).model();
        var quantized = new QuantizedModel(
                model, new Quantization(WeightFormat.INT3, 0, Quantization.Head.INT8).withOutliers(percent));
        var reference = new ReferenceBackend(quantized);
        // it gives sums of codes alone
        float[][] expected = text(quantized, reference::run);
        Machine s = Machine.standard();
        var without = new Machine(
                MatrixEngines.named(engine).inPlaceOf(s.engine()), s.bus(), s.buffers(), s.queueDepth(), true);
        long cycles = onDevice(quantized, without, reference, expected);
        long beside = onDevice(quantized, without.withSide(4096), reference, expected);
        System.out.printf("%s, %s %%: %d cycles, with a side engine %d%n", engine, percent, cycles, beside);
    }

    private static long onDevice(
            QuantizedModel model, Machine machine, ReferenceBackend reference, float[][] expected) {
        try (var device = SimulatedDevice.open(machine, EngineKind.EMBEDDED, MemoryConfig.of(16 << 20, 40))
                .device()) {
            MappedModel mapped = MappedModel.of(model, machine);
            assertThat(mapped.program().program().regions().stream().filter(Program.Region::hasEntries))
                    .hasSize(machine.side().exists() ? 4 : 0);
            var meter = new RunMeter(mapped.program());
            try (var backend =
                    new DeviceBackend(device, mapped.program(), mapped.image(), Duration.ofMinutes(5), meter)) {
                var checked = new CheckedBackend(backend, reference);
                assertThat(text(model, checked)).isEqualTo(expected);
                assertThat(checked.firstDifference()).isNull();
            }
            return meter.counters().cycles();
        }
    }

    /** Logits of greedy tokens. */
    private static float[][] text(QuantizedModel model, LinearBackend backend) {
        var transformer = new Transformer(model.model(), new QuantizedLinears(model, backend));
        var cache = new KvCache(model.model().config());
        float[][] logits = new float[TOKENS][];
        int[] next = PROMPT;
        for (int i = 0; i < TOKENS; i++) {
            logits[i] = transformer.next(next, cache).clone();
            int best = 0;
            for (int t = 1; t < logits[i].length; t++) {
                best = logits[i][t] > logits[i][best] ? t : best;
            }
            next = new int[] {best};
        }
        return logits;
    }
}
