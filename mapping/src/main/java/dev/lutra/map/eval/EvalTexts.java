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

/** Token sequences to measure on: a JSON object whose members are arrays of arrays of ids; members of any other kind are left out. */
public final class EvalTexts {
    private EvalTexts() {}

    /** Sequences by name; each has at least two tokens and fits the model's vocabulary and context. */
    public static Map<String, List<int[]>> read(Path file, LlamaConfig config) {
        JsonFile json = JsonFile.read(file);
        Map<String, List<int[]>> texts = new LinkedHashMap<>();
        for (String name : json.keys()) {
            JsonFile member = json.get(name);
            if (member.isArray() && member.elements().stream().allMatch(JsonFile::isArray)) {
                texts.put(name, sequences(member, config));
            }
        }
        if (texts.isEmpty()) {
            throw badInput(
                    file + ": no member is an array of arrays of token ids",
                    "give for example {\"text\": [[1, 403, 407], [1, 326, 269]]}");
        }
        return texts;
    }

    private static List<int[]> sequences(JsonFile member, LlamaConfig config) {
        List<int[]> sequences = new ArrayList<>();
        for (JsonFile sequence : member.elements()) {
            int[] ids = sequence.elements().stream()
                    .mapToInt(id -> id.integer(0, config.vocab() - 1))
                    .toArray();
            if (ids.length < 2 || ids.length > config.context()) {
                throw sequence.wrong("2 to " + config.context() + " token ids");
            }
            sequences.add(ids);
        }
        return sequences;
    }
}
