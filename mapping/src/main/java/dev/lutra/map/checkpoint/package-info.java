// SPDX-License-Identifier: Apache-2.0
/**
 * Checkpoint readers: safetensors with config.json (LLaMA architecture, floating point or BitNet packed ternary) and llama2.c version 0.
 *
 * <p>Everything a file claims about sizes is checked against the file's length before anything is allocated; whatever is wrong
 * becomes one {@link dev.lutra.machine.UserException} that names file, place and values.
 */
@NullMarked
package dev.lutra.map.checkpoint;

import org.jspecify.annotations.NullMarked;
