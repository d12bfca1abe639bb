// SPDX-License-Identifier: Apache-2.0
/** Packed ternary weights on their way from memory to an engine. */
@NullMarked
package dev.lutra.pe.ternary;

import org.jspecify.annotations.NullMarked;
