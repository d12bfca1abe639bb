// SPDX-License-Identifier: Apache-2.0
/** Sums of many operands and products without carry propagation: carry-save adders, compressor trees, Booth recoding. */
@NullMarked
package dev.lutra.hdl.lib.arith;

import org.jspecify.annotations.NullMarked;
