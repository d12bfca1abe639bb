// SPDX-License-Identifier: Apache-2.0
/** Linear layers on a device: activations in, regions run, accumulators out. */
@NullMarked
package dev.lutra.runtime.linear;

import org.jspecify.annotations.NullMarked;
