// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.lib.axi.AxiStream;
import java.util.List;

/**
 * Signals of one handshake: the payload is handed over at the edges where valid and ready are both 1.
 *
 * @param payload ports, or bundles of them
 */
public record Channel(Bool valid, Bool ready, List<Data> payload) {
    public Channel {
        payload = List.copyOf(payload);
    }

    public static Channel of(Decoupled<?> stream) {
        return new Channel(stream.valid, stream.ready, List.of(stream.bits));
    }

    /** Its items are data, keep, last. */
    public static Channel of(AxiStream stream) {
        return new Channel(stream.tvalid, stream.tready, List.of(stream.tdata, stream.tkeep, stream.tlast));
    }
}
