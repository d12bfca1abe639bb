// SPDX-License-Identifier: Apache-2.0
/**
 * The Verilator engine: translates a design's Verilog, compiles it into a shared library kept in a content-addressed
 * cache, and runs it in this process through one small native library. Nothing here touches JNA or a tool before a
 * model is opened.
 */
@NullMarked
package dev.lutra.sim.verilator;

import org.jspecify.annotations.NullMarked;
