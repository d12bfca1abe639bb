// SPDX-License-Identifier: Apache-2.0
/** Samples of a converter on their way to another clock. */
@NullMarked
package dev.lutra.examples.capture;

import org.jspecify.annotations.NullMarked;
