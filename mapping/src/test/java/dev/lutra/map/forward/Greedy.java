// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** The plainest token loop, for comparing with reference runs. */
final class Greedy {
    private Greedy() {}

    /** New tokens after a prompt, at most {@code count}; {@code end} is the last one if it appears. */
    static int[] run(Transformer transformer, KvCache cache, int[] prompt, int count, int end) {
        int[] tokens = new int[count];
        float[] logits = transformer.next(prompt, cache);
        for (int i = 0; i < count; i++) {
            tokens[i] = best(logits);
            if (tokens[i] == end) {
                return java.util.Arrays.copyOf(tokens, i + 1);
            }
            if (i + 1 < count) {
                logits = transformer.next(new int[] {tokens[i]}, cache);
            }
        }
        return tokens;
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    static int[] ids(JsonNode array) {
        return IntStream.range(0, array.size())
                .map(i -> array.get(i).intValue())
                .toArray();
    }
}
