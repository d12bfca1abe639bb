// SPDX-License-Identifier: Apache-2.0
/** Projects for tools that Lutra does not run: Vivado, Vitis, nextpnr-ecp5. */
@NullMarked
package dev.lutra.bitstream.vendor;

import org.jspecify.annotations.NullMarked;
