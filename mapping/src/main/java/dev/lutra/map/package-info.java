// SPDX-License-Identifier: Apache-2.0
/** From a checkpoint to a program: readers, model graph, quantisation, tiling, scheduling, cost model. */
@NullMarked
package dev.lutra.map;

import org.jspecify.annotations.NullMarked;
