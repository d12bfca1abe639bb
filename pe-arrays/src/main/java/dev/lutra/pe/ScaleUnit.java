// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.UInt;

/**
 * Adds group sums times an unsigned 8-bit scale, one bit of the scale per cycle, least significant first: no multiplier. The 8 cycles run
 * beside the next group's planes. A group without a scale has the scale 1 and is done after the first of them.
 */
final class ScaleUnit extends GroupUnit {

    final UInt scale;

    ScaleUnit(Params p) {
        super(p);
        doc(
                "Adds scale * group sum into a result in 8 cycles of shift and add. The scale runs out of ones by itself, so that nothing counts the cycles here.");
        scale = in(uint(8));
        var addend = reg(sint(p.innerBits() + 7));
        var multiplier = reg(uint(8));
        var sum = reg(sint(p.outerBits()));
        var held = reg(sint(p.outerBits()));
        when(load, () -> {
                    addend.set(mux(halve, groupSum.shr(1), groupSum));
                    multiplier.set(scale);
                })
                .otherwise(() -> {
                    addend.set(addend.shl(1).truncate(p.innerBits() + 7));
                    multiplier.set(multiplier.shr(1));
                });
        // In this order the first case becomes the reset of the register and the second one its enable.
        var add = multiplier.bit(0);
        var base = mux(blockStart, 0, sum);
        when(blockStart.andNot(add), () -> sum.set(0))
                .elseWhen(add, () -> sum.set(addend.add(base).truncate(p.outerBits())));
        when(capture, () -> held.set(sum));
        result.set(held);
    }
}
