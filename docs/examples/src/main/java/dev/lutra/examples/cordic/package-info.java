// SPDX-License-Identifier: Apache-2.0
/**
 * Rotations and polar coordinates without multipliers (Volder, "The CORDIC Trigonometric Computing Technique", IRE Transactions on
 * Electronic Computers, 1959; a pipeline with a stage for each iteration).
 */
@NullMarked
package dev.lutra.examples.cordic;

import org.jspecify.annotations.NullMarked;
