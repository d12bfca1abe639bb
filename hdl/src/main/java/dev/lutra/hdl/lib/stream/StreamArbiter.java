// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.stream;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.lib.logic.PriorityEncoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Joins streams, an item at a time, in the same cycle.
 *
 * <p>An offer that was not taken is kept in the next cycle if the arbiter {@link Params#holds()}. If not, an input that goes first may
 * come between; whoever takes must then look at {@code take.bits} only when it takes them.
 *
 * @param <T> what travels
 */
public final class StreamArbiter<T extends Data> extends Module {

    /** Who goes first. */
    public enum Order {
        /** The lowest number. The others may wait for ever. */
        FIXED,
        /** The next one with an item after the one that was taken last: nobody waits for more than one item of each other. */
        ROUND_ROBIN
    }

    /**
     * @param inputs streams to join, at least 2
     * @param order who goes first
     * @param holds whether an offer is kept until it is taken
     */
    public record Params(int inputs, Order order, boolean holds) {
        public Params {
            if (inputs < 2) {
                throw new IllegalArgumentException("an arbiter of " + inputs + " inputs: at least 2");
            }
        }
    }

    public final Vec<Decoupled<T>> put;
    public final Decoupled<T> take;

    /** Number of the input whose item is offered; any of them while none is. */
    public final UInt chosen;

    /** @param type what travels */
    public StreamArbiter(T type, Params p) {
        super(p, type);
        doc(p.inputs + " streams become one; "
                + (p.order == Order.FIXED ? "the lowest number goes first." : "they take turns."));
        int indexBits = PriorityEncoder.indexBits(p.inputs);
        put = in(vec(p.inputs, i -> decoupled(like(type))));
        take = out(decoupled(like(type)));
        chosen = out(uint(indexBits));

        List<Bool> waiting = put.stream().map(stream -> stream.valid).toList();
        UInt first = PriorityEncoder.lowest(waiting);
        if (p.order == Order.ROUND_ROBIN) {
            UInt last = reg(uint(indexBits)).init(p.inputs - 1);
            List<Bool> after = new ArrayList<>();
            for (int i = 0; i < p.inputs; i++) {
                after.add(i == 0 ? lit(false) : waiting.get(i).and(last.lt(i)));
            }
            first = mux(any(after), PriorityEncoder.lowest(after), first);
            when(take.fire(), () -> last.set(chosen));
        }
        if (p.holds) {
            Bool held = reg(bool()).init(false);
            UInt kept = reg(uint(indexBits));
            held.set(take.valid.and(take.ready.not()));
            kept.set(chosen);
            first = mux(held, kept, first);
        }
        chosen.set(first);
        take.valid.set(any(waiting));
        take.bits.set(select(chosen, put.stream().map(stream -> stream.bits).toList()));
        for (int i = 0; i < p.inputs; i++) {
            put.get(i).ready.set(take.ready.and(chosen.eq(i)));
        }
    }

    private static Bool any(List<Bool> of) {
        List<Bool> reversed = new ArrayList<>(of);
        Collections.reverse(reversed);
        return cat(reversed).orR();
    }
}
