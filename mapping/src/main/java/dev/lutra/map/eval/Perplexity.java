// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.eval;

import dev.lutra.map.forward.KvCache;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.model.LlamaModel;
import java.util.List;

/** The exponential of the mean negative log-likelihood per predicted token; the first token of a sequence is given. */
public final class Perplexity {
    private Perplexity() {}

    /** Perplexity of a model over sequences of at least two tokens. */
    public static double of(LlamaModel model, Transformer transformer, List<int[]> sequences) {
        double sum = 0;
        long predicted = 0;
        for (int[] ids : sequences) {
            float[][] logits = transformer.all(ids, new KvCache(model.config()));
            for (int i = 0; i + 1 < ids.length; i++) {
                sum += negativeLogLikelihood(logits[i], ids[i + 1]);
            }
            predicted += ids.length - 1;
        }
        return StrictMath.exp(sum / predicted);
    }

    private static double negativeLogLikelihood(float[] logits, int token) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += StrictMath.exp(logit - max);
        }
        return StrictMath.log(sum) + max - logits[token];
    }
}
