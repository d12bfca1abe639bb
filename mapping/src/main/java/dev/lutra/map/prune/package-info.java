// SPDX-License-Identifier: Apache-2.0
/** N:M pruning of a checkpoint's matrices, by magnitude or by what its inputs are like, and how kept weights and their indices are stored. */
@NullMarked
package dev.lutra.map.prune;

import org.jspecify.annotations.NullMarked;
