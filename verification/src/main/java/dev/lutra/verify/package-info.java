// SPDX-License-Identifier: Apache-2.0
/** What crosses the modules: the golden ladder, random programs, formal proofs, mutation, coverage and the rules of the architecture. */
@NullMarked
package dev.lutra.verify;

import org.jspecify.annotations.NullMarked;
