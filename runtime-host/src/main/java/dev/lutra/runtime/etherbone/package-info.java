// SPDX-License-Identifier: Apache-2.0
/** Boards on a network, {@code etherbone:}: packets of LiteX's Etherbone over UDP or TCP, and the link they make. */
@NullMarked
package dev.lutra.runtime.etherbone;

import org.jspecify.annotations.NullMarked;
