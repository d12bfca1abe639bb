// SPDX-License-Identifier: Apache-2.0
/** Boards, constraints, synthesis and place-and-route flows, reports and the bitstream catalogue. */
@NullMarked
package dev.lutra.bitstream;

import org.jspecify.annotations.NullMarked;
