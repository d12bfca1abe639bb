// SPDX-License-Identifier: Apache-2.0
/**
 * Sparse chains of DSP blocks, after FlightLLM's configurable sparse DSP chain (FPGA 2024): sums in the cascade of the blocks, several
 * products in one multiplier, N:M sparsity with a ratio that may change in every slot.
 */
@NullMarked
package dev.lutra.pe.dsp;

import org.jspecify.annotations.NullMarked;
