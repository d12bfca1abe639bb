// SPDX-License-Identifier: Apache-2.0
/** Boards as data, and what of a machine fits on one. */
@NullMarked
package dev.lutra.bitstream.board;

import org.jspecify.annotations.NullMarked;
