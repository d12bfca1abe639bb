// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Loc;
import org.jspecify.annotations.Nullable;

/**
 * Where in the user's Java an item was made, and the name Java gives it there.
 *
 * @param loc user frames, innermost first
 * @param name the variable, null when Java gives none
 * @param strength how firmly the name belongs to this very item
 * @param site identity of the call site: equal for all turns of a loop
 * @param dropped the called method whose result the user's code throws away, else null
 */
record Origin(
        Loc loc,
        @Nullable String name,
        Strength strength,
        Object site,
        @Nullable String dropped) {

    /** How firmly a name belongs to an item. */
    enum Strength {
        /** A variable holds exactly this. */
        VARIABLE,
        /** An array or collection held by the variable holds this. */
        ELEMENT,
        /** Part of the expression that the variable holds: good only when a name is needed. */
        PART
    }

    static final Origin UNKNOWN = new Origin(Loc.UNKNOWN, null, Strength.VARIABLE, new Object(), null);

    /** A place that gives no name. */
    static Origin at(Loc loc) {
        return new Origin(loc, null, Strength.VARIABLE, UNKNOWN.site, null);
    }

    /** The same place, where the named thing only contains this item. */
    Origin asPart() {
        return strength == Strength.PART ? this : new Origin(loc, name, Strength.PART, site, null);
    }

    boolean held() {
        return name != null && strength != Strength.PART;
    }
}
