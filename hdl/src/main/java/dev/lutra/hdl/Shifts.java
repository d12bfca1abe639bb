// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

/** Checks of shift amounts. */
final class Shifts {
    private Shifts() {}

    /** The amount, or 0 after a report that it is negative. */
    static int checked(Ground value, int amount) {
        if (amount < 0) {
            Build.error(
                    value, "literal-range", "shift of " + value.describe() + " by " + amount, "shift the other way");
            return 0;
        }
        return amount;
    }

    /** Width of a left shift by a variable amount, or the value's own after a report that it would be too large. */
    static int grown(Ground value, UInt amount, int limit) {
        long width = amount.width() > 20 ? Long.MAX_VALUE : value.width() + (1L << amount.width()) - 1;
        if (width > limit) {
            Build.error(
                    value,
                    "width",
                    "shl() of " + value.describe() + " by " + amount.describe() + " would grow to more than " + limit
                            + " bits",
                    "use shlWrap() to keep the width, or truncate the amount");
            return value.width();
        }
        return (int) width;
    }

    /** Values of a left shift by a variable amount of which something is known. */
    static Range range(Ground value, UInt amount, int limit) {
        var most = amount.known().max();
        if (most.bitLength() < 20) {
            var range = Ranges.shiftedLeft(value.known(), amount);
            if (range.sintWidth() <= limit + 1) {
                return range;
            }
        }
        Build.error(
                value,
                "width",
                "shl() of " + value.describe() + " by " + amount.describe() + " would grow to more than " + limit
                        + " bits",
                "use shlWrap() to keep the width, or within() of the amount");
        return value.known();
    }
}
