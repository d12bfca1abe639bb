// SPDX-License-Identifier: Apache-2.0
/** The modules of docs/hdl/tour-verilog.md, which quotes them. */
@NullMarked
package dev.lutra.examples.tour.verilog;

import org.jspecify.annotations.NullMarked;
