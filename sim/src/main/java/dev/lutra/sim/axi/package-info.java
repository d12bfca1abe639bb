// SPDX-License-Identifier: Apache-2.0
/**
 * AXI4 in Java: the memory of the embedded engine and the protocol checker, both as docs/sim/axi-memory.md defines them.
 */
@NullMarked
package dev.lutra.sim.axi;

import org.jspecify.annotations.NullMarked;
