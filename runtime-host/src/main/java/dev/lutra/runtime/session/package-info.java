// SPDX-License-Identifier: Apache-2.0
/** A model at work: prompt in, tokens out, with the linear layers on a device or in the reference. */
@NullMarked
package dev.lutra.runtime.session;

import org.jspecify.annotations.NullMarked;
