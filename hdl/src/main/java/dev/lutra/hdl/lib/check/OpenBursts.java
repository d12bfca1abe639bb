// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.lib.logic.PriorityEncoder;
import java.util.ArrayList;
import java.util.List;

/** The open bursts of one direction, the oldest first. In one cycle a burst may begin, one have a beat and one end. */
final class OpenBursts extends Module {
    /**
     * @param open most bursts, at least 2
     * @param idBits width of an identifier
     * @param laneBits width of a lane's number
     * @param reads whether data beats go to the oldest burst of {@link #id}; else to the oldest one without all its data
     */
    record Params(int open, int idBits, int laneBits, boolean reads) {}

    /** Begins {@link #begun}; lost when there is no room. */
    final Bool begins = in(bool());

    final OpenBurst begun;

    /** The identifier of a response. */
    final UInt id;

    /** A data beat of {@link #burst}. */
    final Bool beat = in(bool());

    /** The oldest burst of {@link #id} ends. */
    final Bool ends = in(bool());

    /** There is room for one more. */
    final Bool room = out(bool());

    final UInt count;

    /** Whether there is a burst for a data beat. */
    final Bool found = out(bool());

    /** That burst. */
    final OpenBurst burst;

    /** Whether the oldest burst of {@link #id} has all its data. */
    final Bool answerable = out(bool());

    OpenBursts(Params p) {
        super(p);
        doc("Up to " + p.open + " open bursts, the oldest first.");
        begun = in(new OpenBurst(p.idBits, p.laneBits));
        id = in(uint(p.idBits));
        burst = out(new OpenBurst(p.idBits, p.laneBits));
        count = out(uint(32 - Integer.numberOfLeadingZeros(p.open)));

        Vec<OpenBurst> bursts = reg(vec(p.open, i -> new OpenBurst(p.idBits, p.laneBits)));
        UInt used = reg(uint(count.width())).init(0);
        count.set(used);
        room.set(used.lt(p.open));

        List<Bool> ofId = new ArrayList<>();
        List<Bool> unfinished = new ArrayList<>();
        for (int i = 0; i < p.open; i++) {
            Bool there = used.gt(i);
            ofId.add(there.and(bursts.get(i).id.eq(id)));
            unfinished.add(there.and(bursts.get(i).complete.not()));
        }
        Bool known = any(ofId);
        UInt oldest = PriorityEncoder.lowest(ofId);
        UInt data = p.reads ? oldest : PriorityEncoder.lowest(unfinished);
        found.set(p.reads ? known : any(unfinished));
        burst.set(bursts.get(data));
        answerable.set(known.and(bursts.get(oldest).complete));

        Bool removes = ends.and(known);
        Bool adds = begins.and(room);
        Vec<OpenBurst> after = wire(vec(p.open, i -> new OpenBurst(p.idBits, p.laneBits)));
        UInt step = lit(1, p.laneBits + 1).shlWrap(burst.size);
        UInt aligned = burst.lane.and(step.wrapSub(1).truncate(p.laneBits).not());
        for (int i = 0; i < p.open; i++) {
            OpenBurst next = after.get(i);
            next.set(bursts.get(i));
            when(beat.and(found).and(data.eq(i)), () -> {
                next.left.set(burst.left.wrapSub(1));
                next.complete.set(burst.left.eq(0));
                next.lane.set(aligned.wrapAdd(step).truncate(p.laneBits));
            });
        }
        UInt place = used.wrapSub(removes.asUInt());
        for (int i = 0; i < p.open; i++) {
            OpenBurst moved =
                    i + 1 < p.open ? mux(removes.and(oldest.le(i)), after.get(i + 1), after.get(i)) : after.get(i);
            OpenBurst kept = bursts.get(i);
            kept.set(moved);
            when(adds.and(place.eq(i)), () -> kept.set(begun));
        }
        used.set(place.wrapAdd(adds.asUInt()));
    }

    private static Bool any(List<Bool> of) {
        return cat(of).orR();
    }
}
