// SPDX-License-Identifier: Apache-2.0
/** A peripheral whose registers are declared once: pulse-width modulation behind AXI4-Lite. */
@NullMarked
package dev.lutra.examples.pwm;

import org.jspecify.annotations.NullMarked;
