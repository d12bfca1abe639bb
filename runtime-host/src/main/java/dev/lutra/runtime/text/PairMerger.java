// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.text;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * The loop both tokenizers share: merge the best pair of neighbours, the leftmost of equals, until no pair can be merged. A heap keeps
 * it at n log n for texts of n symbols.
 */
final class PairMerger {
    /** What becomes of two neighbours. */
    interface Rule {
        /** No merge: {@link #find} returns it. */
        Merge NONE = new Merge(0, -1);

        Merge find(int left, int right);
    }

    /**
     * @param cost merges of lower cost go first
     * @param token the id that replaces the pair
     */
    record Merge(double cost, int token) {}

    private record Candidate(double cost, int at, int left, int right, int token) {}

    private final Rule rule;
    private final int[] tokens;
    private final int[] next;
    private final int[] before;
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>(
            (a, b) -> a.cost != b.cost ? Double.compare(a.cost, b.cost) : Integer.compare(a.at, b.at));

    private PairMerger(int[] symbols, Rule rule) {
        this.rule = rule;
        tokens = symbols.clone();
        next = new int[symbols.length];
        before = new int[symbols.length];
        for (int i = 0; i < symbols.length; i++) {
            next[i] = i + 1;
            before[i] = i - 1;
        }
    }

    static int[] merge(int[] symbols, Rule rule) {
        return symbols.length < 2 ? symbols : new PairMerger(symbols, rule).run();
    }

    private int[] run() {
        for (int i = 0; i + 1 < tokens.length; i++) {
            offer(i);
        }
        int left = tokens.length;
        while (!queue.isEmpty()) {
            Candidate best = queue.remove();
            int at = best.at;
            int second = next[at];
            // A symbol merged away holds -1, which no candidate names: outdated candidates fall out here.
            if (tokens[at] != best.left || second == tokens.length || tokens[second] != best.right) {
                continue;
            }
            tokens[at] = best.token;
            tokens[second] = -1;
            next[at] = next[second];
            if (next[at] < tokens.length) {
                before[next[at]] = at;
                offer(at);
            }
            if (before[at] >= 0) {
                offer(before[at]);
            }
            left--;
        }
        int[] merged = new int[left];
        int count = 0;
        for (int i = 0; i < tokens.length; i = next[i]) {
            merged[count++] = tokens[i];
        }
        return Arrays.copyOf(merged, count);
    }

    private void offer(int at) {
        int left = tokens[at];
        int right = tokens[next[at]];
        Merge merge = rule.find(left, right);
        if (merge.token >= 0) {
            queue.add(new Candidate(merge.cost, at, left, right, merge.token));
        }
    }
}
