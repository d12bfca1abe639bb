// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.map.SharedModels;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.model.LlamaModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The float path against greedy runs of the original C program. */
class Stories260kReferenceTest {
    @Test
    void floatPathEqualsTheReferenceTokenForToken() {
        Path directory = SharedModels.directory("stories260K");
        JsonNode reference = JsonMapper.shared().readTree(directory.resolve("reference_outputs.json"));
        LlamaModel model = Checkpoint.open(directory).model();
        Transformer transformer = new Transformer(model, new FloatLinears(model));
        int runs = 0;
        for (JsonNode run : reference.get("runs")) {
            int[] expected = Greedy.ids(run.get("output_ids"));
            assertThat(Greedy.run(transformer, new KvCache(model.config()), Greedy.ids(run.get("prompt_ids")), 200, 1))
                    .as("prompt %s", run.get("prompt"))
                    .isEqualTo(expected);
            runs++;
        }
        assertThat(runs).isEqualTo(5);
    }

    @Test
    void firstLogitsAreThoseOfTheReferenceWithin4e5() {
        Path directory = SharedModels.directory("stories260K");
        JsonNode run = JsonMapper.shared()
                .readTree(directory.resolve("reference_outputs.json"))
                .get("runs")
                .get(1);
        LlamaModel model = Checkpoint.open(directory).model();
        float[] logits =
                new Transformer(model, new FloatLinears(model)).next(new int[] {1}, new KvCache(model.config()));
        for (int i = 0; i < 8; i++) {
            float expected = run.get("logits_position_0_first_8").get(i).floatValue();
            assertThat(Math.abs(logits[i] - expected)).as("logit %d", i).isLessThan(4e-5f);
        }
    }
}
