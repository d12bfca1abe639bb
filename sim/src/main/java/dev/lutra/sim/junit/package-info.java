// SPDX-License-Identifier: Apache-2.0
/** Tests that run on every engine: a JUnit 5 extension, and the engine as an argument of jqwik properties. Both libraries are optional. */
@NullMarked
package dev.lutra.sim.junit;

import org.jspecify.annotations.NullMarked;
