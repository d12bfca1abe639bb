// SPDX-License-Identifier: Apache-2.0
/** Matrix engines beside the LUT tensor core: its rivals without tables, and the native ternary table. */
@NullMarked
package dev.lutra.pe.engine;

import org.jspecify.annotations.NullMarked;
