// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.stream;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.lib.logic.PriorityEncoder;

/**
 * Sends each item to one of several streams, in the same cycle.
 *
 * @param <T> what travels
 */
public final class StreamDemultiplexer<T extends Data> extends Module {

    /** @param outputs streams to choose from, at least 2 */
    public record Params(int outputs) {
        public Params {
            if (outputs < 2) {
                throw new IllegalArgumentException("a demultiplexer of " + outputs + " outputs: at least 2");
            }
        }
    }

    public final Decoupled<T> put;

    /** Number of the output for the item at {@link #put}, and as stable; an item for one that does not exist waits for ever. */
    public final UInt select;

    public final Vec<Decoupled<T>> take;

    /**
     * @param type what travels
     * @param outputs streams to choose from
     */
    public StreamDemultiplexer(T type, int outputs) {
        super(new Params(outputs), type);
        doc("Sends each item to one of " + outputs + " streams.");
        put = in(decoupled(like(type)));
        select = in(uint(PriorityEncoder.indexBits(outputs)));
        take = out(vec(outputs, i -> decoupled(like(type))));
        for (int i = 0; i < outputs; i++) {
            take.get(i).valid.set(put.valid.and(select.eq(i)));
            take.get(i).bits.set(put.bits);
        }
        Bool ready = select(select, take.stream().map(stream -> stream.ready).toList());
        put.ready.set(ready);
    }
}
