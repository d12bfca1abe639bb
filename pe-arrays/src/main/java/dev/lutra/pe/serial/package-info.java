// SPDX-License-Identifier: Apache-2.0
/**
 * Bit-serial mixture of data types, BitMoD (HPCA 2025, arXiv 2411.11745): weights of a group as FP3 or FP4 with a special value or as
 * INT3 to INT8, all of them as a few terms of a power of two, on one datapath for INT8 activations.
 */
@NullMarked
package dev.lutra.pe.serial;

import org.jspecify.annotations.NullMarked;
