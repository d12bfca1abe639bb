// SPDX-License-Identifier: Apache-2.0
/** Area and worst path of engines, by synthesis of all of them in one flow. */
@NullMarked
package dev.lutra.bitstream.area;

import org.jspecify.annotations.NullMarked;
