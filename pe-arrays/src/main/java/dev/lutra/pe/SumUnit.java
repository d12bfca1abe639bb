// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

/** Adds group sums as they are, one per cycle. The half is taken off at the end, where the multiplexer shares the result's register. */
final class SumUnit extends GroupUnit {

    SumUnit(Params p) {
        super(p);
        doc("Adds the sums of groups into a result. 'group' is 0 in cycles without one, so the sum needs no enable.");
        var group = reg(sint(p.innerBits()));
        var sum = reg(sint(p.outerBits() + 1));
        var held = reg(sint(p.outerBits()));
        group.set(mux(load, groupSum, 0));
        sum.set(group.extend(p.outerBits() + 1).wrapAdd(mux(blockStart, 0, sum)));
        when(capture, () -> held.set(mux(halve, sum.shr(1), sum.truncate(p.outerBits()))));
        result.set(held);
    }
}
