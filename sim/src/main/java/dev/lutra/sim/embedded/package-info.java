// SPDX-License-Identifier: Apache-2.0
/**
 * The embedded engine: a design becomes JVM byte code in the same process, with no tool installed.
 *
 * <p>The way of a circuit: {@link dev.lutra.sim.embedded.Flattener} walks the hierarchy and builds one graph of
 * {@link dev.lutra.sim.embedded.Value}s, simplified and shared as it grows ({@link dev.lutra.sim.embedded.Graph});
 * {@link dev.lutra.sim.embedded.Plan} decides what is stored where and in which order it is computed;
 * {@link dev.lutra.sim.embedded.Compiler} writes that order as classes of small methods.
 */
@NullMarked
package dev.lutra.sim.embedded;

import org.jspecify.annotations.NullMarked;
