// SPDX-License-Identifier: Apache-2.0
/**
 * The model's arithmetic outside the accelerator, one code for every device: norms, rotary embedding, attention, gate, activation
 * quantisation. Binary32 with a fixed order of evaluation and {@code StrictMath}, so that equal integers from two devices give
 * equal bits everywhere.
 */
@NullMarked
package dev.lutra.map.forward;

import org.jspecify.annotations.NullMarked;
