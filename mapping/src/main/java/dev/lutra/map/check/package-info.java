// SPDX-License-Identifier: Apache-2.0
/**
 * Proves a program sound from its binary alone, without the planner or the emitter: it knows the instruction set, the machine and the
 * program's tables.
 */
@NullMarked
package dev.lutra.map.check;

import org.jspecify.annotations.NullMarked;
