// SPDX-License-Identifier: Apache-2.0
/**
 * Registers that software reads and writes, declared once: a {@link dev.lutra.hdl.lib.registers.RegisterMap} gives the hardware
 * ({@link dev.lutra.hdl.lib.registers.RegisterFile}), Java constants, a C header and a Markdown page.
 */
@NullMarked
package dev.lutra.hdl.lib.registers;

import org.jspecify.annotations.NullMarked;
