// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.session;

import dev.lutra.machine.UserException;
import dev.lutra.map.forward.KvCache;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.runtime.text.Sampler;
import dev.lutra.runtime.text.TokenStream;
import dev.lutra.runtime.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Writes texts with a model whose linear layers run anywhere; everything else is the same code on this host, so that
 * equal accumulators give equal tokens.
 */
public final class TextSession {

    private final LlamaConfig config;
    private final Tokenizer tokenizer;
    private final Transformer transformer;

    public TextSession(LlamaModel model, Transformer transformer, Tokenizer tokenizer) {
        this.config = model.config();
        this.tokenizer = tokenizer;
        this.transformer = transformer;
    }

    /**
     * Continues a prompt.
     *
     * @param maxTokens tokens to write at most, at least 1
     * @param pieces given the text as it comes
     * @throws UserException if the prompt does not leave room for a token in the model's context
     */
    public Generation generate(String prompt, int maxTokens, Sampler sampler, Consumer<String> pieces) {
        int[] promptIds = tokenizer.encode(prompt);
        if (promptIds.length == 0) {
            throw UserException.badInput(
                    "the prompt is empty and this model has no start token", "Give it some text to continue.");
        }
        if (promptIds.length >= config.context()) {
            throw UserException.badInput(
                    "the prompt has " + promptIds.length + " tokens, the model's context has " + config.context()
                            + " and a written token needs one",
                    "Shorten the prompt by " + (promptIds.length - config.context() + 1) + " tokens or more.");
        }
        KvCache cache = new KvCache(config);
        TokenStream stream = new TokenStream(tokenizer);
        StringBuilder text = new StringBuilder();
        Consumer<String> write = piece -> {
            if (!piece.isEmpty()) {
                text.append(piece);
                pieces.accept(piece);
            }
        };
        // The stream has to see the prompt: what a token stands for may depend on the one before.
        for (int id : promptIds) {
            stream.accept(id);
        }
        List<Integer> written = new ArrayList<>();
        IntConsumer take = token -> {
            written.add(token);
            if (!config.endTokens().contains(token)) {
                write.accept(stream.accept(token));
            }
        };
        int[] next = promptIds;
        Generation.End end = null;
        while (end == null) {
            choose(next, cache, sampler, maxTokens - written.size(), take);
            int last = written.get(written.size() - 1);
            next = new int[] {last};
            if (config.endTokens().contains(last)) {
                end = Generation.End.END_TOKEN;
            } else if (written.size() == maxTokens) {
                end = Generation.End.TOKEN_LIMIT;
            } else if (cache.length() == config.context()) {
                end = Generation.End.CONTEXT;
            }
        }
        write.accept(stream.finish());
        return new Generation(Arrays.stream(promptIds).boxed().toList(), written, text.toString(), end);
    }

    /** The token after these, or as many as the device may write by itself where it chooses. */
    private void choose(int[] tokens, KvCache cache, Sampler sampler, int most, IntConsumer take) {
        boolean greedy = sampler.isGreedy() && transformer.writes();
        if (!greedy && !transformer.draws()) {
            take.accept(sampler.next(transformer.next(tokens, cache)));
            return;
        }
        int room = config.context() - cache.length() - tokens.length + 1;
        transformer.write(tokens, cache, Math.min(most, room), greedy ? null : sampler::draws, (logit, token) -> {
            // the greatest one: with -infinity there is none
            Sampler.requireNumber(Math.abs(logit));
            take.accept(token);
        });
    }
}
