// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.session;

import java.util.List;

/**
 * A text that a model wrote.
 *
 * @param promptIds tokens of the prompt, the start token included
 * @param tokenIds tokens written after it; an end token, where one came, is the last
 * @param text of {@code tokenIds}
 * @param end why it ended
 */
public record Generation(List<Integer> promptIds, List<Integer> tokenIds, String text, End end) {

    /** Why a text ended. */
    public enum End {
        /** The model chose an end token. */
        END_TOKEN,
        /** As many tokens as were asked for. */
        TOKEN_LIMIT,
        /** The model's context is full. */
        CONTEXT
    }

    public Generation {
        promptIds = List.copyOf(promptIds);
        tokenIds = List.copyOf(tokenIds);
    }
}
