// SPDX-License-Identifier: Apache-2.0
/** Timing constraints of a circuit for synthesis and place-and-route tools. */
@NullMarked
package dev.lutra.hdl.timing;

import org.jspecify.annotations.NullMarked;
