// SPDX-License-Identifier: Apache-2.0
/** Bundles of AMBA interfaces (IHI 0022, IHI 0051), with the port names every tool knows. */
@NullMarked
package dev.lutra.hdl.lib.axi;

import org.jspecify.annotations.NullMarked;
