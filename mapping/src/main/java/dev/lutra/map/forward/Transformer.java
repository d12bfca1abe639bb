// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.machine.ActivationType;
import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.quant.KvFormat;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of a LLaMA-style decoder around its linear layers.
 *
 * <p>Each position's arithmetic is the same whether it comes alone or among others, so prefill in any chunks and decode give the
 * same bits.
 */
public final class Transformer {
    private static final DecodeStep.Choice NOBODY = (logit, token) -> {};

    private final LlamaModel model;
    private final LlamaConfig config;
    private final Linears linears;
    private final Attention attention;
    private final HostAfterAttention after;
    private final Rotary rotary;
    private final @Nullable DecodeStep step;
    private @Nullable KvCache stepped;

    /** With attention in floating point. */
    public Transformer(LlamaModel model, Linears linears) {
        this(model, linears, new FloatAttention(model.config(), false), null);
    }

    private Transformer(LlamaModel model, Linears linears, Attention attention, @Nullable DecodeStep step) {
        this.model = model;
        this.config = model.config();
        this.linears = linears;
        this.attention = attention;
        this.after = new HostAfterAttention(model, linears);
        this.rotary = new Rotary(config);
        this.step = step;
    }

    /** One that takes tokens step by step; caches tell it positions alone. */
    public static Transformer of(LlamaModel model, DecodeStep step) {
        Linears none = (region, layer, x) -> {
            throw new AssertionError("a step has no linear layers of its own");
        };
        return new Transformer(model, none, new FloatAttention(model.config(), false), step);
    }

    /** A quantised model: linear layers from one backend, and, where its keys and values are codes, products with these from another. */
    public static Transformer of(QuantizedModel model, LinearBackend backend, KvBackend cache) {
        Quantization how = model.quantization();
        return of(model.model(), new QuantizedLinears(model, backend), how.kv(), how.activations(), cache);
    }

    /** The model of it on the host: linear layers of any kind, and products with keys and values of a format from the reference. */
    public static Transformer of(LlamaModel model, Linears linears, KvFormat kv) {
        return of(
                model,
                linears,
                kv,
                ActivationType.INT8,
                (product, place, page, rows) -> ReferenceBackend.multiply(product, page, rows));
    }

    private static Transformer of(
            LlamaModel model, Linears linears, KvFormat kv, ActivationType activations, KvBackend cache) {
        WeightFormat codes = kv.codes();
        return new Transformer(
                model,
                linears,
                codes == null
                        ? new FloatAttention(model.config(), kv == KvFormat.FP16)
                        : new QuantizedAttention(model.config(), codes, activations, cache),
                null);
    }

    /** Appends tokens to the cache and returns the logits [vocab] after the last one; only its row goes through the head. */
    public float[] next(int[] tokens, KvCache cache) {
        if (step != null) {
            return step.logits(run(step, tokens, cache, 1, null, NOBODY) - 1);
        }
        float[][] x = body(tokens, cache);
        return after.logits(new float[][] {x[x.length - 1]})[0];
    }

    /** Whether {@link #write} can be asked for. */
    public boolean writes() {
        return step != null;
    }

    /** Whether it can be asked for tokens that are drawn. */
    public boolean draws() {
        return step != null && step.draws();
    }

    /**
     * Appends tokens to the cache, and then those that follow, one after the other, until one ends a text: where these come without the logits.
     *
     * @param count tokens that are wanted, at least 1; fewer may come
     * @param draws how so many of them are drawn; null for the numbers of the greatest logits, of equal ones the lowest
     * @param choices given each number as it comes; the last one is not in the cache yet
     */
    public void write(
            int[] tokens, KvCache cache, int count, @Nullable IntFunction<Draws> draws, DecodeStep.Choice choices) {
        run(Objects.requireNonNull(step), tokens, cache, count, draws, choices);
    }

    /** As {@link #next}, with the logits after every token: [token][vocab]. */
    public float[][] all(int[] tokens, KvCache cache) {
        if (step == null) {
            return after.logits(body(tokens, cache));
        }
        float[][] logits = new float[tokens.length][];
        for (int i = 0; i < tokens.length; i++) {
            logits[i] = next(new int[] {tokens[i]}, cache);
        }
        return logits;
    }

    /**
     * The last token begins so many steps, or as many as there may be. It and those before it are one run, if one has room for them.
     *
     * @return tokens of the last run
     */
    private int run(
            DecodeStep step,
            int[] tokens,
            KvCache cache,
            int count,
            @Nullable IntFunction<Draws> draws,
            DecodeStep.Choice choices) {
        if (cache != stepped && cache.length() > 0) {
            throw new IllegalArgumentException("steps go on with one text at a time: this cache is of another one");
        }
        stepped = cache;
        int left = tokens.length;
        while (true) {
            int some = Math.min(left, step.most());
            boolean last = some == left;
            int steps = last ? Math.min(some + count - 1, step.most()) : some;
            int[] given = Arrays.copyOfRange(tokens, tokens.length - left, tokens.length - left + some);
            int begin = cache.length();
            cache.reserve(steps);
            Draws drawn = last && draws != null ? draws.apply(steps - some + 1) : null;
            step.run(given, begin, steps, drawn, (logit, token) -> {
                // those before the last of these have no choice of their own
                cache.advance(cache.length() == begin ? some : 1);
                if (last) {
                    choices.accept(logit, token);
                }
            });
            if (last) {
                return some;
            }
            left -= some;
        }
    }

    /** The residual stream after the last layer, [token][hidden]. */
    private float[][] body(int[] tokens, KvCache cache) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException("no token");
        }
        cache.reserve(tokens.length);
        float[][] x = new float[tokens.length][config.hidden()];
        float[][] angles = new float[tokens.length][];
        for (int i = 0; i < tokens.length; i++) {
            model.embedding().readRow(tokens[i], x[i]);
            angles[i] = rotary.angles(cache.length() + i);
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            LayerWeights weights = model.layers().get(layer);
            float[][] qkv = linears.apply(Region.QKV, layer, after.normed(x, weights.attentionNorm()));
            for (int i = 0; i < tokens.length; i++) {
                if (config.layer().qkvBiases()) {
                    FloatMath.add(qkv[i], weights.qkvBias());
                }
                rotary.turn(qkv[i], 0, config.heads(), angles[i]);
                rotary.turn(qkv[i], config.queryWidth(), config.kvHeads(), angles[i]);
            }
            x = after.layer(layer, attention.mix(layer, cache, qkv), x);
        }
        cache.advance(tokens.length);
        return x;
    }
}
