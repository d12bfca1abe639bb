// SPDX-License-Identifier: Apache-2.0
/** The hardware language embedded in Java: its IR, checks, passes and Verilog writer. */
@NullMarked
package dev.lutra.hdl;

import org.jspecify.annotations.NullMarked;
