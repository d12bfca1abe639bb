// SPDX-License-Identifier: Apache-2.0
/** Outside programs and what they build: run to their end, cleaned up after, kept in a cache of files under their contents. */
@NullMarked
package dev.lutra.sim.build;

import org.jspecify.annotations.NullMarked;
