// SPDX-License-Identifier: Apache-2.0
/**
 * The decoupled access-execute accelerator: sequencer, load, matrix and store units with their buffers, and the ports
 * to host and memory. Units work from in-order queues and meet only through tokens and streams.
 */
@NullMarked
package dev.lutra.gen.accel;

import org.jspecify.annotations.NullMarked;
