// SPDX-License-Identifier: Apache-2.0
/**
 * The intermediate representation between the Java front end and everything that reads hardware (checks, Verilog
 * writer, simulators): sealed immutable records, one {@link dev.lutra.hdl.ir.Module} per distinct definition, plus the
 * source locations and diagnostics that travel with them.
 *
 * <p>All signals are ground typed: bundles and vectors are flattened by the front end. Signals, expressions, memories,
 * instances and modules are compared by <em>identity</em> (their graphs share nodes, so structural equality would be
 * neither cheap nor what a reader wants); types, locations and diagnostics by value.
 */
@NullMarked
package dev.lutra.hdl.ir;

import org.jspecify.annotations.NullMarked;
