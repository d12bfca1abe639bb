// SPDX-License-Identifier: Apache-2.0
/** Boards on a serial line, {@code uart:}, or an SPI bus, {@code spi:}: the lines, checked frames on them, and the link they make. */
@NullMarked
package dev.lutra.runtime.serial;

import org.jspecify.annotations.NullMarked;
