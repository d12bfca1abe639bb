// SPDX-License-Identifier: Apache-2.0
/** A master for the serial peripheral interface. */
@NullMarked
package dev.lutra.examples.spi;

import org.jspecify.annotations.NullMarked;
