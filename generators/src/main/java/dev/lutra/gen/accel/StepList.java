// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/**
 * The list of an instruction's steps, as it comes through the stream of scales: of each block a line for each of its steps, whose low bits are the
 * number of an activation line. A line is taken while the step before it is computed.
 */
final class StepList extends Module {

    /**
     * @param wordBits of a line of the stream
     * @param lineBits of the number of an activation line in its half
     * @param steps width of the number of steps
     * @param blocks width of the number of blocks
     */
    record Params(int wordBits, int lineBits, int steps, int blocks) {}

    final Bool clear = in(bool());

    /** An instruction with a list starts. */
    final Bool starts = in(bool());

    final UInt kSteps;
    final UInt blocks;

    /** The next slot is the first one of its step. */
    final Bool first = in(bool());

    /** The first slot of a step is issued; only if its number is there. */
    final Bool takes = in(bool());

    final Bool available = in(bool());
    final Bits word;
    final Bool pop = out(bool());

    /** The line is the last of the instruction. */
    final Bool last = out(bool());

    /** The number of the next step is there. */
    final Bool ready = out(bool());

    /** The activation line of the next slot. */
    final UInt line;

    StepList(Params p) {
        super(p);
        doc("Numbers of the steps that are computed, taken from the stream of scales ahead of them.");
        kSteps = in(uint(p.steps));
        blocks = in(uint(p.blocks));
        word = in(bits(p.wordBits));
        line = out(uint(p.lineBits));

        UInt blocksLeft = reg(uint(p.blocks)).init(0);
        UInt step = reg(uint(p.steps));
        Bool fetched = reg(bool()).init(false);
        Bool held = reg(bool()).init(false);
        UInt next = reg(uint(p.lineBits));
        UInt current = reg(uint(p.lineBits));

        Bool stepEnds = step.wrapAdd(1).eq(kSteps);
        Bool fetches = blocksLeft.ne(0).and(available).andNot(held).andNot(fetched);
        pop.set(fetches);
        last.set(stepEnds.and(blocksLeft.eq(1)));
        ready.set(held);
        line.set(mux(first, next, current));

        fetched.set(fetches);
        when(fetches, () -> {
            step.set(mux(stepEnds, lit(0, p.steps), step.wrapAdd(1)));
            when(stepEnds, () -> blocksLeft.set(blocksLeft.wrapSub(1)));
        });
        when(fetched, () -> {
            int used = Math.min(p.wordBits, p.lineBits);
            UInt number = word.bits(used - 1, 0).asUInt();
            next.set(used < p.lineBits ? number.extend(p.lineBits) : number);
            held.set(true);
        });
        when(takes, () -> {
            current.set(next);
            held.set(false);
        });
        when(starts, () -> {
            step.set(0);
            blocksLeft.set(blocks);
        });
        when(clear, () -> {
            blocksLeft.set(0);
            fetched.set(false);
            held.set(false);
        });
    }
}
