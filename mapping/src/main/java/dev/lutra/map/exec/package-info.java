// SPDX-License-Identifier: Apache-2.0
/** Executes programs as the instruction set defines them, without hardware. */
@NullMarked
package dev.lutra.map.exec;

import org.jspecify.annotations.NullMarked;
