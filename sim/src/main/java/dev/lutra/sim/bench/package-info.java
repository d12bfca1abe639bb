// SPDX-License-Identifier: Apache-2.0
/**
 * Test benches: drivers and monitors of streams and buses, random stimulus by seed, scoreboards, golden tensors, coverage. All of it
 * works on blocks of cycles, so that a native simulator is called once per thousand cycles (docs/sim/bench.md).
 */
@NullMarked
package dev.lutra.sim.bench;

import org.jspecify.annotations.NullMarked;
