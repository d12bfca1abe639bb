// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.RunError;
import dev.lutra.machine.Tokens;
import dev.lutra.machine.Unit;

/** The token counters between units. */
final class TokenCounters {
    private static final Unit[] UNITS = Unit.values();

    private final int[][] tokens = new int[UNITS.length][UNITS.length];

    TokenCounters() {
        for (Unit from : UNITS) {
            for (Unit to : UNITS) {
                tokens[from.ordinal()][to.ordinal()] = from.presetTo(to);
            }
        }
    }

    /** Takes one token from each waited unit if all have one. */
    boolean take(Unit unit, Tokens masks) {
        for (Unit from : UNITS) {
            if ((masks.waits() & from.bit()) != 0 && tokens[from.ordinal()][unit.ordinal()] == 0) {
                return false;
            }
        }
        for (Unit from : UNITS) {
            tokens[from.ordinal()][unit.ordinal()] -= (masks.waits() & from.bit()) != 0 ? 1 : 0;
        }
        return true;
    }

    /** Gives one token to each posted unit if no counter is full. */
    boolean post(Unit unit, Tokens masks) {
        for (Unit to : UNITS) {
            if ((masks.posts() & to.bit()) != 0 && tokens[unit.ordinal()][to.ordinal()] == Unit.MAX_TOKENS) {
                return false;
            }
        }
        for (Unit to : UNITS) {
            tokens[unit.ordinal()][to.ordinal()] += (masks.posts() & to.bit()) != 0 ? 1 : 0;
        }
        return true;
    }

    void requirePreset() {
        for (Unit from : UNITS) {
            for (Unit to : UNITS) {
                int found = tokens[from.ordinal()][to.ordinal()];
                if (found != from.presetTo(to)) {
                    throw new RunFault(
                            RunError.TOKEN_IMBALANCE,
                            -1,
                            "at halt the counter %s->%s is %d, not %d".formatted(from, to, found, from.presetTo(to)));
                }
            }
        }
    }
}
