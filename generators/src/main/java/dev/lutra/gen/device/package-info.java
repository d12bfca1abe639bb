// SPDX-License-Identifier: Apache-2.0
/** Generated accelerators as simulated devices, {@code sim:verilator}, {@code sim:embedded} and {@code sim:icarus}. */
@NullMarked
package dev.lutra.gen.device;

import org.jspecify.annotations.NullMarked;
