// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
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
import dev.lutra.pe.dsp.DspChain;
import dev.lutra.pe.dsp.DspForm;
import dev.lutra.pe.dsp.DspTile;
import dev.lutra.sim.EngineKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Text of pruned stories260K, INT8, with every linear layer on the RTL of one sparse tile of 16 DSP48E2: token for token and accumulator for
 * accumulator what the reference computes, and cycles per token against the dense model on the same tile.
 */
@EnabledIfSystemProperty(named = "lutra.deep", matches = "true", disabledReason = "deep runs only")
class SparseTileTextTest {
    private static final int[] PROMPT = {1, 403, 407, 261, 378};
    private static final int TOKENS = 8;

    @Test
    void writesWhatTheReferenceWrites() {
        String root = System.getenv("LUTRA_TEST_DATA");
        assumeTrue(root != null, "skipped: LUTRA_TEST_DATA is not set");
        Path directory = Path.of(root, "models", "stories260K");
        assumeTrue(Files.isDirectory(directory), "skipped: no " + directory);
        LlamaModel model = Checkpoint.open(directory).model();
        var params = new DspTile.Params(new DspChain.Params(DspForm.DSP48E2, 8, 16, 16), 32);
        var design = Circuit.of(() -> new DspTile(params));
        List<Long> cycles = new ArrayList<>();
        for (String sparse : List.of("1:1", "2:4p", "8:16p", "2:8p", "8:16")) {
            Pruning pruning = Pruning.parse(sparse).orElseThrow();
            var quantized = new QuantizedModel(
                    PrunedModel.of(model, pruning, null),
                    new Quantization(WeightFormat.INT8, 0, Quantization.Head.INT8));
            var reference = new ReferenceBackend(quantized);
            int[] expected = new int[TOKENS];
            text(quantized, reference, expected, null);
            try (var simulator = EngineKind.EMBEDDED.open(design)) {
                var tile = new TileBackend(quantized, pruning, params, design.top(), simulator);
                int[] actual = new int[TOKENS];
                long perToken = text(
                        quantized,
                        (region, layer, rows) -> {
                            long[][] sums = tile.run(region, layer, rows);
                            assertThat(sums).isDeepEqualTo(reference.run(region, layer, rows));
                            return sums;
                        },
                        actual,
                        tile);
                assertThat(actual).isEqualTo(expected);
                cycles.add(perToken);
            }
        }
        // Slots: 5 layers of 1440 dense, N/M of it sparse, where pairs of rows share masks; the head, dense, 1024; a
        // fill of 23 for 21 products.
        int rest = 1024 + 21 * params.latency();
        assertThat(cycles).containsExactly(7200L + rest, 3600L + rest, 3600L + rest, 1800L + rest, 7200L + rest);
    }

    /** Greedy tokens; returns the tile's cycles of the last one. */
    private static long text(QuantizedModel model, LinearBackend backend, int[] tokens, @Nullable TileBackend tile) {
        var transformer = new Transformer(model.model(), new QuantizedLinears(model, backend));
        var cache = new KvCache(model.model().config());
        float[] logits = transformer.next(PROMPT, cache);
        long before = 0;
        for (int i = 0; i < tokens.length; i++) {
            for (int t = 1; t < logits.length; t++) tokens[i] = logits[t] > logits[tokens[i]] ? t : tokens[i];
            before = tile == null ? 0 : tile.cycles();
            logits = transformer.next(new int[] {tokens[i]}, cache);
        }
        return tile == null ? 0 : tile.cycles() - before;
    }
}
