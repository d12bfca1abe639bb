// SPDX-License-Identifier: Apache-2.0
/** Accelerators beside processors on one chip, behind Linux' userspace I/O, {@code uio:}. */
@NullMarked
package dev.lutra.runtime.uio;

import org.jspecify.annotations.NullMarked;
