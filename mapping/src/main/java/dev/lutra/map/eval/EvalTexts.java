// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.eval;

import static dev.lutra.machine.UserException.badInput;

import dev.lutra.map.checkpoint.JsonFile;
import dev.lutra.map.model.LlamaConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Texts to measure on: a JSON object whose members are arrays, each element a text or the token ids of one. */
public final class EvalTexts {
    private EvalTexts() {}

    /**
     * Token sequences by name of their member; each has at least two tokens and fits the model's vocabulary and context.
     *
     * @param encoder the model's tokenizer, for elements that are text
     */
    public static Map<String, List<int[]>> read(Path file, LlamaConfig config, Function<String, int[]> encoder) {
        JsonFile json = JsonFile.read(file);
        Map<String, List<int[]>> texts = new LinkedHashMap<>();
        for (String name : json.keys()) {
            List<int[]> sequences = new ArrayList<>();
            for (JsonFile element : json.get(name).elements()) {
                sequences.add(sequence(element, config, encoder));
            }
            texts.put(name, sequences);
        }
        if (texts.isEmpty() || texts.values().stream().anyMatch(List::isEmpty)) {
            throw badInput(
                    file + ": no text to measure on, or a name with none",
                    "give for example {\"mine\": [\"Once upon a time ...\"]}");
        }
        return texts;
    }

    private static int[] sequence(JsonFile element, LlamaConfig config, Function<String, int[]> encoder) {
        int[] ids = element.isArray()
                ? element.elements().stream()
                        .mapToInt(id -> id.integer(0, config.vocab() - 1))
                        .toArray()
                : encoder.apply(element.text());
        if (ids.length < 2 || ids.length > config.context()) {
            throw badInput(
                    element.where() + " has " + ids.length + " tokens",
                    "a text to measure on has from 2 tokens to the model's context of " + config.context());
        }
        return ids;
    }
}
