// SPDX-License-Identifier: Apache-2.0
/** A serial line that answers with what it hears. */
@NullMarked
package dev.lutra.examples.uart;

import org.jspecify.annotations.NullMarked;
