// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.axi;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Decoupled;

/** The signals of an AXI4-Stream (AMBA AXI-Stream, IHI 0051) with packets and byte qualifiers, as seen by the sender. */
public final class AxiStream extends Bundle {
    public final Bool tvalid = field(bool());
    public final Bool tready = flipped(bool());
    public final Bits tdata;
    public final Bits tkeep;
    public final Bool tlast = field(bool());

    /** @param dataBits width of the data, a multiple of 8 */
    public AxiStream(int dataBits) {
        if (dataBits < 8 || dataBits % 8 != 0) {
            throw new IllegalArgumentException("an AXI4-Stream of " + dataBits + " bits: whole bytes, at least one");
        }
        tdata = field(bits(dataBits));
        tkeep = field(bits(dataBits / 8));
    }

    /** Sends what a stream hands over; on a sender's port. */
    public void send(Decoupled<AxiStreamBeat> stream) {
        tvalid.set(stream.valid);
        tdata.set(stream.bits.data);
        tkeep.set(stream.bits.keep);
        tlast.set(stream.bits.last);
        stream.ready.set(tready);
    }

    /** Hands what is received to a stream; on a receiver's port. */
    public void receive(Decoupled<AxiStreamBeat> stream) {
        stream.valid.set(tvalid);
        stream.bits.data.set(tdata);
        stream.bits.keep.set(tkeep);
        stream.bits.last.set(tlast);
        tready.set(stream.ready);
    }
}
