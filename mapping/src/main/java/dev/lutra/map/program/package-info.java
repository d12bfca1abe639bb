// SPDX-License-Identifier: Apache-2.0
/** From matrices to a program and its weight image. */
@NullMarked
package dev.lutra.map.program;

import org.jspecify.annotations.NullMarked;
