// SPDX-License-Identifier: Apache-2.0
/**
 * What a circuit is made of and about what it takes of an FPGA: registers, memories and operators of each module, and an estimate of
 * look-up tables, multipliers and block memories, without a synthesis tool.
 */
@NullMarked
package dev.lutra.hdl.stats;

import org.jspecify.annotations.NullMarked;
