// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.util.List;

/** A step of the schedule of a design. */
sealed interface Step {
    /** Computes words {@code from} to {@code to - 1} of a stored value. */
    record Define(Value value, int from, int to) implements Step {}

    /** Copies an element that is stored elsewhere into its place in a block. */
    record Copy(Value element, int slot) implements Step {}

    /** Computes the next value of a register into the register or, with a slot, into its shadow. */
    record Update(Design.Register register, int shadow) implements Step {}

    /** Moves a shadow into its register. */
    record Commit(Design.Register register, int shadow) implements Step {}

    /** Performs all writes of a memory. */
    record Writes(Design.Store store) implements Step {}

    /** Computes stored lanes. */
    record DefineLanes(Lanes lanes) implements Step {}

    /** Copies values that are stored elsewhere side by side, for a loop to fetch. */
    record Gather(Lanes lanes, List<Moves.Move> moves) implements Step {}

    /** {@link Update} of a register of many instances. */
    record UpdateLanes(LaneFinder.Group group, int shadow) implements Step {}

    /** {@link Commit} of a register of many instances. */
    record CommitLanes(LaneFinder.Group group, int shadow) implements Step {}

    /** Steps of one method. */
    record Chunk(List<Step> steps) {}
}
