// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.UInt;

/**
 * What one issue slot of {@link LutCore} means. Slots come in the order block, group, plane (most significant first), step; a cycle
 * without {@link #valid} is a bubble and may stand anywhere between them.
 */
public final class LutControl extends Bundle {

    /** The cycle is a slot; otherwise everything else is ignored. */
    public final Bool valid = field(Hdl.bool());

    /** First step of a pass: the sums of the passes so far are doubled, or take the factor of the planes of a pass. */
    public final Bool planeFirst = field(Hdl.bool());

    /** The slot belongs to the last (least significant) pass of its group, whose steps also add up the activations. */
    public final Bool planeLast = field(Hdl.bool());

    /** First slot of a group: a new sum starts. */
    public final Bool groupFirst = field(Hdl.bool());

    /** Last slot of a group: its sum goes into the result. */
    public final Bool groupLast = field(Hdl.bool());

    /** The group is the first one of its results, which start from it. Sampled with {@link #groupLast}. */
    public final Bool blockFirst = field(Hdl.bool());

    /** The group completes its results, which are captured after it. Sampled with {@link #groupLast}. */
    public final Bool blockLast = field(Hdl.bool());

    /** Zero point z' of the weight code: 0, 1 for +1, 2 for -1. The same in all slots of a block. */
    public final UInt zeroPoint = field(Hdl.uint(2));

    /** Declares the fields. */
    public LutControl() {}
}
