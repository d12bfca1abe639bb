// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import org.jspecify.annotations.Nullable;

/**
 * What makes it likely that two modules have one definition: class and parameters. A guess that is always verified, item
 * by item.
 */
record ModuleKey(Class<? extends Module> type, @Nullable Record params) {}
