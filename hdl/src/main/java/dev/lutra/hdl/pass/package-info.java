// SPDX-License-Identifier: Apache-2.0
/** Passes over the IR: checks of a circuit, combinational dependencies, and the lowering that simulators start from. */
@NullMarked
package dev.lutra.hdl.pass;

import org.jspecify.annotations.NullMarked;
