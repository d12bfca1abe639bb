// SPDX-License-Identifier: Apache-2.0
/**
 * Checkers of interfaces: modules that look at the signals and state the rules of the protocol by {@code require} and
 * {@code assume}, for simulation on every engine and for proofs. They drive nothing and are left out of synthesis.
 */
@NullMarked
package dev.lutra.hdl.lib.check;

import org.jspecify.annotations.NullMarked;
