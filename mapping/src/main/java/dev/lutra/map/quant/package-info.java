// SPDX-License-Identifier: Apache-2.0
/** Weight formats, quantised matrices, and the rounding of floating-point matrices to them. */
@NullMarked
package dev.lutra.map.quant;

import org.jspecify.annotations.NullMarked;
