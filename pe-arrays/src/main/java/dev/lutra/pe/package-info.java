// SPDX-License-Identifier: Apache-2.0
/** Processing elements and arrays, each with its bit-exact functional model and its cycle formula. */
@NullMarked
package dev.lutra.pe;

import org.jspecify.annotations.NullMarked;
