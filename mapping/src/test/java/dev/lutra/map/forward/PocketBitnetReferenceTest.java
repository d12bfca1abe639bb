// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.map.SharedModels;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ternary weights with a floating-point head against the outputs of an independent integer reference. */
class PocketBitnetReferenceTest {
    private JsonNode reference;
    private LlamaModel model;
    private QuantizedModel quantized;

    /** What passed through a backend: region, layer, first row of activations, first row of accumulators. */
    private record Call(Region region, int layer, byte[] input, long[] accumulators) {}

    @BeforeEach
    void open() {
        Path directory = SharedModels.directory("pocket-bitnet");
        reference = JsonMapper.shared().readTree(directory.resolve("reference_outputs.json"));
        model = Checkpoint.open(directory).model();
        quantized = new QuantizedModel(model, new Quantization(WeightFormat.TERNARY, 0, Quantization.Head.FLOAT));
    }

    @Test
    void integersOfTheFirstTokenHaveTheReferenceChecksums() {
        List<Call> calls = record(new int[] {0});
        JsonNode sums = reference.get("first_token_checksums");
        int compared = 0;
        for (Call call : calls) {
            int kv = model.config().kvWidth();
            int q = model.config().queryWidth();
            int mlp = model.config().intermediate();
            switch (call.region()) {
                case QKV -> {
                    compared += check(sums, call, "q", 0, q);
                    compared += check(sums, call, "k", q, q + kv);
                    compared += check(sums, call, "v", q + kv, q + 2 * kv);
                }
                case O -> compared += check(sums, call, "o", 0, call.accumulators().length);
                case GATE_UP -> {
                    compared += check(sums, call, "gate", 0, mlp);
                    compared += check(sums, call, "up", mlp, 2 * mlp);
                }
                case DOWN -> compared += check(sums, call, "down", 0, call.accumulators().length);
                case HEAD -> throw new AssertionError("the head is not quantised here");
            }
        }
        assertThat(compared).isEqualTo(sums.size()).isEqualTo(42);
    }

    private static int check(JsonNode sums, Call call, String name, int from, int to) {
        JsonNode expected = sums.get("layer" + call.layer() + "." + name);
        assertThat(crc(call.input()))
                .as("input of %s %d", name, call.layer())
                .isEqualTo(expected.get("input_crc32_int8").longValue());
        assertThat(crc(call.accumulators(), from, to))
                .as("accumulators of %s %d", name, call.layer())
                .isEqualTo(expected.get("accumulators_crc32").longValue());
        return 1;
    }

    @Test
    void layer0QueryAccumulatorsOfEveryPromptTokenHaveTheReferenceChecksum() {
        int compared = 0;
        for (JsonNode run : reference.get("runs")) {
            int[] prompt = Greedy.ids(run.get("prompt_ids"));
            List<long[]> rows = new ArrayList<>();
            LinearBackend backend = new ReferenceBackend(quantized);
            LinearBackend watching = (region, layer, inputs) -> {
                long[][] result = backend.run(region, layer, inputs);
                if (region == Region.QKV && layer == 0) {
                    rows.addAll(List.of(result));
                }
                return result;
            };
            new Transformer(model, new QuantizedLinears(quantized, watching)).next(prompt, new KvCache(model.config()));
            for (int i = 0; i < prompt.length; i++) {
                assertThat(crc(rows.get(i), 0, model.config().queryWidth()))
                        .isEqualTo(run.get("layer0_q_proj_accumulators_crc32_per_prompt_token")
                                .get(i)
                                .longValue());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(20);
    }

    @Test
    void atLeastFourOfFivePromptsContinueTokenForToken() {
        int equal = 0;
        List<String> report = new ArrayList<>();
        Transformer transformer =
                new Transformer(model, new QuantizedLinears(quantized, new ReferenceBackend(quantized)));
        for (JsonNode run : reference.get("runs")) {
            int[] tokens =
                    Greedy.run(transformer, new KvCache(model.config()), Greedy.ids(run.get("prompt_ids")), 64, 1);
            int[] expected = Greedy.ids(run.get("output_ids"));
            int same = Arrays.mismatch(tokens, expected);
            report.add(run.get("prompt") + (same < 0 ? ": equal" : ": first difference at token " + same));
            equal += same < 0 ? 1 : 0;
        }
        assertThat(equal).as(report.toString()).isGreaterThanOrEqualTo(4);
    }

    private List<Call> record(int[] tokens) {
        List<Call> calls = new ArrayList<>();
        LinearBackend backend = new ReferenceBackend(quantized);
        LinearBackend recording = (region, layer, rows) -> {
            long[][] result = backend.run(region, layer, rows);
            calls.add(new Call(region, layer, rows[0], result[0]));
            return result;
        };
        new Transformer(model, new QuantizedLinears(quantized, recording)).next(tokens, new KvCache(model.config()));
        return calls;
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private static long crc(long[] values, int from, int to) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * (to - from)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = from; i < to; i++) {
            bytes.putInt(Math.toIntExact(values[i]));
        }
        return crc(bytes.array());
    }
}
