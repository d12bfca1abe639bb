// SPDX-License-Identifier: Apache-2.0
/** Boards on a serial line, {@code uart:}: the line, checked frames on it, and the link they make. */
@NullMarked
package dev.lutra.runtime.serial;

import org.jspecify.annotations.NullMarked;
