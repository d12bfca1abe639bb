// SPDX-License-Identifier: Apache-2.0
/** Systolic arrays of multiply-accumulate elements. */
@NullMarked
package dev.lutra.pe.systolic;

import org.jspecify.annotations.NullMarked;
