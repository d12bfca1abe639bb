// SPDX-License-Identifier: Apache-2.0
/** The modules of docs/hdl/tour-chisel.md, which quotes them. */
@NullMarked
package dev.lutra.examples.tour.chisel;

import org.jspecify.annotations.NullMarked;
