// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.gen.device.SimulatedDevice;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Unit;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.forward.KvCache;
import dev.lutra.map.forward.LinearBackend;
import dev.lutra.map.forward.QuantizedLinears;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.prune.PrunedModel;
import dev.lutra.map.prune.Pruning;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Text of pruned stories260K, INT8, on the accelerator with 16 DSP48E2: token for token and accumulator for accumulator what the reference
 * computes, in N/M of the dense slots where pairs of rows share masks, and in those of the tiles that are left where whole ones are pruned; weights pruned anywhere
 * are loaded as bitmaps and codes, and take all slots. A dense layer takes 1440 slots, of which DOWN has 352 and QKV 256; the
 * head, dense, 1024.
 */
@EnabledIfSystemProperty(named = "lutra.deep", matches = "true", disabledReason = "deep runs only")
class ChainTextTest {
    private static final int[] PROMPT = {1, 403, 407, 261, 378};
    private static final int TOKENS = 6;

    @ParameterizedTest
    @CsvSource({
        "1:1, 8224",
        "2:4p, 4624",
        "8:16p, 4624",
        "2:8p, 2824",
        "2:4, 8224",
        "2:4p/down=1:1, 5504",
        "2:4p/0.qkv=1:1, 4752",
        "32x16:50%, 4704",
        "32x16:25%, 2864",
        "50%, 8224",
        "25%, 8224"
    })
    void writesWhatTheReferenceWrites(String sparse, long slots) {
        String root = System.getenv("LUTRA_TEST_DATA");
        assumeTrue(root != null, "skipped: LUTRA_TEST_DATA is not set");
        Path directory = Path.of(root, "models", "stories260K");
        assumeTrue(Files.isDirectory(directory), "skipped: no " + directory);
        LlamaModel model = Checkpoint.open(directory).model();
        // the letter p stands at the end
        String text = sparse.contains("/") ? sparse.replace("p/", "/") + "p" : sparse;
        LlamaModel pruned = PrunedModel.of(model, Pruning.parse(text).orElseThrow(), null);
        var quantized = new QuantizedModel(pruned, new Quantization(WeightFormat.INT8, 0, Quantization.Head.INT8));
        var reference = new ReferenceBackend(quantized);
        int[] expected = new int[TOKENS];
        text(quantized, reference, expected, null);
        Machine s = Machine.standard();
        Engine engine = MatrixEngines.named("dsp").inPlaceOf(s.engine());
        boolean anywhere = sparse.matches("\\d+%");
        var machine = new Machine(anywhere ? engine.withBitmaps() : engine, s.bus(), s.buffers(), s.queueDepth(), true);
        try (var device = SimulatedDevice.open(machine, EngineKind.EMBEDDED, MemoryConfig.of(16 << 20, 40))
                .device()) {
            MappedModel mapped = MappedModel.of(quantized, machine);
            var meter = new RunMeter(mapped.program());
            try (var backend =
                    new DeviceBackend(device, mapped.program(), mapped.image(), Duration.ofMinutes(5), meter)) {
                var checked = new CheckedBackend(backend, reference);
                int[] actual = new int[TOKENS];
                long[] last = text(quantized, checked, actual, meter);
                assertThat(checked.firstDifference()).as(sparse).isNull();
                assertThat(actual).as(sparse).isEqualTo(expected);
                System.out.printf("%s: %d slots, %d cycles, %d bytes read%n", sparse, last[0], last[1], last[2]);
                assertThat(last[0]).as(sparse).isEqualTo(slots);
            }
        }
    }

    /** Greedy tokens; returns slots, cycles and bytes read for the last one. */
    private static long[] text(QuantizedModel model, LinearBackend backend, int[] tokens, @Nullable RunMeter meter) {
        var transformer = new Transformer(model.model(), new QuantizedLinears(model, backend));
        var cache = new KvCache(model.model().config());
        float[] logits = transformer.next(PROMPT, cache);
        long[] before = new long[3];
        for (int i = 0; i < tokens.length; i++) {
            for (int t = 1; t < logits.length; t++) tokens[i] = logits[t] > logits[tokens[i]] ? t : tokens[i];
            before = counters(meter);
            logits = transformer.next(new int[] {tokens[i]}, cache);
        }
        long[] after = counters(meter);
        for (int i = 0; i < 3; i++) after[i] -= before[i];
        return after;
    }

    private static long[] counters(@Nullable RunMeter meter) {
        if (meter == null) {
            return new long[3];
        }
        var c = meter.counters();
        return new long[] {c.busy().getOrDefault(Unit.MX, 0L), c.cycles(), c.bytesRead()};
    }
}
