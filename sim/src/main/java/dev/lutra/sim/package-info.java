// SPDX-License-Identifier: Apache-2.0
/** One simulator API over an embedded engine (JVM byte code), Verilator and Icarus; memory and AXI models; waveforms. */
@NullMarked
package dev.lutra.sim;

import org.jspecify.annotations.NullMarked;
