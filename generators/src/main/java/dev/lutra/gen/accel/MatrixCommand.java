// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;
import org.jspecify.annotations.Nullable;

/** What the sequencer hands to the matrix unit: one MX or SYNC instruction. */
final class MatrixCommand extends Bundle {

    /** Only waits and posts. */
    final Bool sync = field(bool());

    final Bool activationHalf = field(bool());
    final Bool first = field(bool());
    final Bool last = field(bool());
    final Bool wide = field(bool());
    final Bool outputHalf = field(bool());
    final UInt zeroPoint = field(uint(2));
    final UInt topPlane;

    /** The weights lie in memory as trits; null where the machine has none of these. */
    final @Nullable Bool packed;

    final UInt kSteps;

    /** Steps of a group; null where the machine has no group scales, and one group per row. */
    final @Nullable UInt groupSteps;

    /** log2 of N kept weights of M; null where the engine takes all. */
    final @Nullable UInt keptN;

    /** log2 M. */
    final @Nullable UInt keptM;

    /** The steps of a block are listed in the stream of scales; null where the engine takes them in order. */
    final @Nullable Bool listed;

    final UInt blocks;
    final UInt outputBeat;
    final Bool waitsLoad = field(bool());
    final Bool waitsStore = field(bool());
    final Bool postsLoad = field(bool());
    final Bool postsStore = field(bool());

    /** Results go to the scratchpad; null without a vector unit, as are its tokens. */
    final @Nullable Bool toRows;

    final @Nullable Bool waitsVector;
    final @Nullable Bool postsVector;

    MatrixCommand(CommandWidths widths) {
        packed = widths.packed() ? field(bool()) : null;
        boolean vectors = widths.row() > 0;
        toRows = vectors ? field(bool()) : null;
        waitsVector = vectors ? field(bool()) : null;
        postsVector = vectors ? field(bool()) : null;
        topPlane = field(uint(widths.passes()));
        keptN = widths.kept() ? field(uint(3)) : null;
        keptM = widths.kept() ? field(uint(3)) : null;
        listed = widths.kept() ? field(bool()) : null;
        kSteps = field(uint(widths.steps()));
        groupSteps = widths.groups() ? field(uint(widths.steps())) : null;
        blocks = field(uint(widths.blocks()));
        outputBeat = field(uint(widths.outputBeat()));
    }
}
