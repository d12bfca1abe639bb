// SPDX-License-Identifier: Apache-2.0
/** Complete accelerators: engine, buffers, DMA, sequencer and host interface; Verilog, machine.json and simulated devices. */
@NullMarked
package dev.lutra.gen;

import org.jspecify.annotations.NullMarked;
