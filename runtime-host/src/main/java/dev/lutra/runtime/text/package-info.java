// SPDX-License-Identifier: Apache-2.0
/** Text on both sides of a model: tokenizers of the supported checkpoints, decoding of a stream of tokens, sampling. */
@NullMarked
package dev.lutra.runtime.text;

import org.jspecify.annotations.NullMarked;
