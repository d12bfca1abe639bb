// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;

/** Adds the sums of a column's groups into a result. */
abstract class GroupUnit extends Module {

    record Params(int innerBits, int outerBits) {}

    /** Sum of the group that ends: {@code sum a q' - z' sum a}, which is twice the dot product unless z' = 0. */
    final SInt groupSum;

    /** {@link #groupSum} is complete. */
    final Bool load;

    /** The results start from the group loaded in the cycle before. */
    final Bool blockStart;

    /** The results are complete. */
    final Bool capture;

    /** z' is not 0. With {@link #load} where groups are scaled, with {@link #capture} where they are not. */
    final Bool halve;

    /** Captured result. */
    final SInt result;

    GroupUnit(Params p) {
        super(p);
        groupSum = in(sint(p.innerBits()));
        load = in(bool());
        blockStart = in(bool());
        capture = in(bool());
        halve = in(bool());
        result = out(sint(p.outerBits()));
    }
}
