// SPDX-License-Identifier: Apache-2.0
/** Bytes as the engine streams them: weights and scales, activations, results. */
@NullMarked
package dev.lutra.map.pack;

import org.jspecify.annotations.NullMarked;
