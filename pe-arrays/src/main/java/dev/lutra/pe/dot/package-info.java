// SPDX-License-Identifier: Apache-2.0
/**
 * Dot-product arrays whose area is compared: tables in distributed RAM, and the rivals of table lookup, each with the structure that its
 * target maps best. One row of activations against N columns of weights.
 */
@NullMarked
package dev.lutra.pe.dot;

import org.jspecify.annotations.NullMarked;
