// SPDX-License-Identifier: Apache-2.0
/**
 * The seam between the typed {@link dev.lutra.sim} API and the engines behind it, and the records both sides speak:
 * memory configuration, injected faults, protocol rules, errors. Engines see ports by number and values as words, never
 * front-end objects.
 */
@NullMarked
package dev.lutra.sim.engine;

import org.jspecify.annotations.NullMarked;
