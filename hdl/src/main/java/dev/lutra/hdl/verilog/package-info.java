// SPDX-License-Identifier: Apache-2.0
/**
 * Writes a checked circuit as Verilog-2005 that people read and tools take without a warning: one module per file,
 * statements kept as {@code if} and {@code case}, names and signedness kept, deterministic text.
 */
@NullMarked
package dev.lutra.hdl.verilog;

import org.jspecify.annotations.NullMarked;
