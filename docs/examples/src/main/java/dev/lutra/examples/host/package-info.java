// SPDX-License-Identifier: Apache-2.0
/** Programs for the host: what drives a device with a model, simulated or on a board. */
@NullMarked
package dev.lutra.examples.host;

import org.jspecify.annotations.NullMarked;
