// SPDX-License-Identifier: Apache-2.0
/**
 * One description of a LLaMA-style model, whatever file it came from: sizes, rotary pairing, tied or separate head, and its
 * matrices, which are either floating point or ternary with one scale.
 */
@NullMarked
package dev.lutra.map.model;

import org.jspecify.annotations.NullMarked;
