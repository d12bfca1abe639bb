// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import java.util.SplittableRandom;

/** Where random tests get their seed. */
public final class Seeds {
    private Seeds() {}

    /** {@code -Dlutra.seed} where it is given, else a new one. */
    public static long choose() {
        Long given = Long.getLong("lutra.seed");
        // Short enough to be typed.
        return given != null ? given : new SplittableRandom().nextLong(1L << 32);
    }

    /** What failures say, so that the run can be had again. */
    static String note(long seed) {
        return "seed " + seed + " (run again with -Dlutra.seed=" + seed + ")";
    }
}
