// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.eval.Perplexity;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tokenizers of the shared checkpoints against ids that others computed. */
class SharedTokenizerTest {
    private static Path directory(String model) {
        String root = System.getenv("LUTRA_TEST_DATA");
        assumeTrue(root != null, "LUTRA_TEST_DATA is not set: no shared checkpoints to test with");
        Path directory = Path.of(root, "models", model);
        assumeTrue(Files.isDirectory(directory), directory + " is missing: no shared checkpoint to test with");
        return directory;
    }

    @Test
    void byteLevelBpeEqualsTheReferenceList() {
        Path directory = directory("pocket-bitnet");
        Tokenizer tokenizer = Tokenizer.load(Checkpoint.open(directory));
        JsonNode reference = JsonMapper.shared().readTree(directory.resolve("reference_outputs.json"));
        int compared = 0;
        for (JsonNode example : reference.get("tokenizer")) {
            String text = example.get("text").stringValue();
            int[] withStart = IntStream.concat(IntStream.of(0), IntStream.of(ids(example.get("ids"))))
                    .toArray();
            assertThat(tokenizer.encode(text)).as(text).isEqualTo(withStart);
            assertThat(tokenizer.decode(withStart)).isEqualTo(text);
            compared++;
        }
        for (JsonNode run : reference.get("runs")) {
            assertThat(tokenizer.encode(run.get("prompt").stringValue())).isEqualTo(ids(run.get("prompt_ids")));
            int[] all = IntStream.concat(
                            IntStream.of(ids(run.get("prompt_ids"))), IntStream.of(ids(run.get("output_ids"))))
                    .toArray();
            assertThat(tokenizer.decode(all)).isEqualTo(run.get("text").stringValue());
            compared++;
        }
        assertThat(compared).isEqualTo(13);
    }

    @Test
    void llama2cVocabularyEqualsTheReferenceRuns() {
        Path directory = directory("stories260K");
        Tokenizer tokenizer = Tokenizer.load(Checkpoint.open(directory));
        JsonNode reference = JsonMapper.shared().readTree(directory.resolve("reference_outputs.json"));
        int compared = 0;
        for (JsonNode run : reference.get("runs")) {
            int[] prompt = ids(run.get("prompt_ids"));
            assertThat(tokenizer.encode(run.get("prompt").stringValue())).isEqualTo(prompt);
            int[] all = IntStream.concat(IntStream.of(prompt), IntStream.of(ids(run.get("output_ids"))))
                    .toArray();
            assertThat(tokenizer.decode(all)).isEqualTo(run.get("text").stringValue());
            compared++;
        }
        JsonNode texts = JsonMapper.shared().readTree(directory.resolve("eval_texts.json"));
        for (int i = 0; i < texts.get("hand").size(); i++) {
            assertThat(tokenizer.encode(texts.get("hand_text").get(i).stringValue()))
                    .isEqualTo(ids(texts.get("hand").get(i)));
            compared++;
        }
        assertThat(compared).isEqualTo(10);
    }

    /** The README of pocket-bitnet: 491 tokens of hand-written text at perplexity 8.60, with its floating-point head. */
    @Test
    void pocketBitnetHasItsPublishedPerplexity() {
        Checkpoint checkpoint = Checkpoint.open(directory("pocket-bitnet"));
        LlamaModel model = checkpoint.model();
        JsonNode texts = JsonMapper.shared()
                .readTree(directory("stories260K").resolve("eval_texts.json"))
                .get("hand_text");
        Tokenizer tokenizer = Tokenizer.load(checkpoint);
        List<int[]> sequences = new ArrayList<>();
        int predicted = 0;
        for (JsonNode text : texts) {
            sequences.add(tokenizer.encode(text.stringValue()));
            predicted += sequences.get(sequences.size() - 1).length - 1;
        }
        QuantizedModel quantized =
                new QuantizedModel(model, new Quantization(WeightFormat.TERNARY, 0, Quantization.Head.FLOAT));
        assertThat(predicted).isEqualTo(491);
        ReferenceBackend reference = new ReferenceBackend(quantized);
        assertThat(Perplexity.of(model, Transformer.of(quantized, reference, reference), sequences))
                .isCloseTo(8.60, within(0.005));
    }

    private static int[] ids(JsonNode array) {
        return IntStream.range(0, array.size())
                .map(i -> array.get(i).intValue())
                .toArray();
    }
}
