// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import org.jspecify.annotations.Nullable;

/**
 * What makes it likely that two modules have one definition: class and parameters. A guess that is always verified, item
 * by item.
 */
record ModuleKey(Class<? extends Module> type, @Nullable Record params) {
    @Override
    public boolean equals(@Nullable Object other) {
        // One object for many instances is the usual case, and need not ask the record.
        return other instanceof ModuleKey that
                && type == that.type
                && (params == that.params || params != null && params.equals(that.params));
    }

    @Override
    public int hashCode() {
        return type.hashCode();
    }
}
