// SPDX-License-Identifier: Apache-2.0
/** Cards on PCI Express behind AMD's XDMA driver, {@code xdma:}. */
@NullMarked
package dev.lutra.runtime.xdma;

import org.jspecify.annotations.NullMarked;
