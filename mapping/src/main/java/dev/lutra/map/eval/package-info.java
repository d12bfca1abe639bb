// SPDX-License-Identifier: Apache-2.0
/** What quantisation costs a model: perplexity on token sequences, as the accelerator computes and with real-valued scales beside it. */
@NullMarked
package dev.lutra.map.eval;

import org.jspecify.annotations.NullMarked;
