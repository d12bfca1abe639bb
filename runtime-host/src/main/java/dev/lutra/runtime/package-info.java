// SPDX-License-Identifier: Apache-2.0
/** Devices and their backends, buffers, runs, the token loop, tokenizers and sampling. */
@NullMarked
package dev.lutra.runtime;

import org.jspecify.annotations.NullMarked;
