// SPDX-License-Identifier: Apache-2.0
/** How one region's matrix is cut into pieces that fit the machine, and what it costs at least. */
@NullMarked
package dev.lutra.map.plan;

import org.jspecify.annotations.NullMarked;
