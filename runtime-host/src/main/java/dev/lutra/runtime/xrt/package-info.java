// SPDX-License-Identifier: Apache-2.0
/** Alveo cards and others behind AMD's XRT, {@code xrt:}. */
@NullMarked
package dev.lutra.runtime.xrt;

import org.jspecify.annotations.NullMarked;
