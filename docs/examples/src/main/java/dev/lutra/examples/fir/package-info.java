// SPDX-License-Identifier: Apache-2.0
/** A digital filter with constant coefficients. */
@NullMarked
package dev.lutra.examples.fir;

import org.jspecify.annotations.NullMarked;
