// SPDX-License-Identifier: Apache-2.0
/**
 * The vector unit: passes over vectors of binary32 numbers in a scratchpad, several lanes wide, with scalar registers for what a pass reduces to.
 * docs/engines/vector.md is its specification.
 */
@NullMarked
package dev.lutra.pe.vector;

import org.jspecify.annotations.NullMarked;
