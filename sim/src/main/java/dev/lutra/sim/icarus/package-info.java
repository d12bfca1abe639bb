// SPDX-License-Identifier: Apache-2.0
/**
 * The Icarus engine: a design's Verilog in a process of its own, with unknown values. A module of ours inside it runs blocks of
 * cycles; a pipe carries blocks of values. Nothing here starts a tool before a simulation is opened.
 */
@NullMarked
package dev.lutra.sim.icarus;

import org.jspecify.annotations.NullMarked;
