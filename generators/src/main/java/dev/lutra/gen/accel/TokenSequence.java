// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.machine.Instruction.Next;
import java.util.stream.IntStream;

/** Arguments of the region that NEXT moves on from token to token. They begin as what the host has set. */
final class TokenSequence extends Module {

    /** @param addressBits of a base argument */
    record Params(int addressBits) {}

    /** BASE1, BASE2 and BASE3. */
    private static final int MOVING = 3;

    final Bool clear = in(bool());

    /** A region begins. */
    final Bool start = in(bool());

    /** LEN1 of the host. */
    final UInt firstPosition = in(uint(Sequencer.LENGTH_BITS));

    /** LEN3 of the host. */
    final UInt firstToken = in(uint(Sequencer.LENGTH_BITS));

    /** BASE1 to BASE3 of the host. */
    final Vec<UInt> firstBases;

    /** NEXT executes, with what follows. */
    final Bool goesOn = in(bool());

    final UInt number = in(uint(Sequencer.LENGTH_BITS));

    /** The number is the host's: it ends nothing. */
    final Bool given = in(bool());

    /** Bytes by which BASE1 to BASE3 move on. */
    final Vec<UInt> distances;

    /** Numbers that end a sequence, and whether there are so many. */
    final Vec<UInt> ends = in(vec(Next.MOST_ENDS, i -> uint(Sequencer.LENGTH_BITS)));

    final Vec<Bool> hasEnd = in(vec(Next.MOST_ENDS, i -> bool()));

    /** ENDL executes. */
    final Bool endsPass = in(bool());

    /** LEN1. */
    final UInt position = out(uint(Sequencer.LENGTH_BITS));

    /** LEN3. */
    final UInt token = out(uint(Sequencer.LENGTH_BITS));

    /** BASE1 to BASE3. */
    final Vec<UInt> bases;

    /** The loop of the next ENDL has its last pass. */
    final Bool ended = out(bool());

    TokenSequence(Params p) {
        super(p);
        doc("Arguments of a region that move on from token to token.");
        firstBases = in(vec(MOVING, i -> uint(p.addressBits)));
        distances = in(vec(MOVING, i -> uint(p.addressBits)));
        bases = out(vec(MOVING, i -> uint(p.addressBits)));

        UInt positions = reg(uint(Sequencer.LENGTH_BITS));
        UInt tokenNow = reg(uint(Sequencer.LENGTH_BITS));
        Vec<UInt> basesNow = reg(vec(MOVING, i -> uint(p.addressBits)));
        Bool isEnd = reg(bool()).init(false);
        when(start, () -> {
                    positions.set(firstPosition);
                    tokenNow.set(firstToken);
                    basesNow.set(firstBases);
                })
                .elseWhen(goesOn, () -> {
                    positions.set(positions.wrapAdd(1));
                    tokenNow.set(number);
                    for (int i = 0; i < MOVING; i++) {
                        basesNow.get(i).set(basesNow.get(i).wrapAdd(distances.get(i)));
                    }
                });
        Bool found = IntStream.range(0, Next.MOST_ENDS)
                .mapToObj(i -> hasEnd.get(i).and(number.eq(ends.get(i))))
                .reduce(Bool::or)
                .orElseThrow();
        when(clear.or(endsPass), () -> isEnd.set(false)).elseWhen(goesOn, () -> isEnd.set(found.andNot(given)));
        position.set(positions);
        token.set(tokenNow);
        bases.set(basesNow);
        ended.set(isEnd);
    }
}
