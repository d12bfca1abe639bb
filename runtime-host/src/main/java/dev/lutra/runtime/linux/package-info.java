// SPDX-License-Identifier: Apache-2.0
/** Files of a Linux system, through JNA: what devices of the system need and Java's own files cannot do. */
@NullMarked
package dev.lutra.runtime.linux;

import org.jspecify.annotations.NullMarked;
