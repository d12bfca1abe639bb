// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.axi.Axi4;
import dev.lutra.hdl.lib.stream.StreamArbiter;

/**
 * The memory port as an AXI4 master: three readers share the read channels, the store unit has the write channels.
 *
 * <p>Reads are granted in fixed order, program before activations before weights: the first two are short and everything
 * waits for them. Several bursts are in flight; their data comes back by AXI ID and is never refused.
 *
 * <p>While {@code hold} is high no new burst is issued. An address that is already valid stays so until it is accepted,
 * as AXI demands, and whatever is in flight completes.
 */
final class AxiPort extends Module {

    /**
     * @param addressBits width of a byte address
     * @param beatBits width of a bus beat
     * @param maxBurst longest burst, beats
     * @param outstanding read bursts in flight at most
     * @param side whether there is a side engine
     */
    record Params(int addressBits, int beatBits, int maxBurst, int outstanding, boolean side) {}

    private static final int INCR = 1;

    /** Write responses that can be pending: more than a region's stores can have in flight in practice. */
    private static final int MAX_WRITES = 15;

    final Axi4 axi;
    final MemoryBus bus;

    AxiPort(Params p) {
        super(p);
        doc("Memory port as an AXI4 master: three readers in fixed priority, one writer.");
        doc("While hold is high no burst is issued; what is in flight completes.");
        axi = out(new Axi4(p.addressBits, p.beatBits, ReadPort.idBits(p.side)));
        bus = in(new MemoryBus(p.addressBits, p.beatBits, p.maxBurst, p.side));
        reads(p);
        writes(p);
    }

    private void reads(Params p) {
        Bool arValid = reg(bool()).init(false);
        UInt arAddress = reg(uint(p.addressBits));
        UInt arLength = reg(uint(8));
        UInt arId = reg(uint(ReadPort.idBits(p.side)));
        UInt readBursts = reg(uint(Log2.bitsFor(p.outstanding))).init(0);

        Bool acceptsRead = arValid.not().or(axi.arready).and(bus.hold.not()).and(readBursts.lt(p.outstanding));
        // Offers are not held: an activation burst goes before a weight burst that has been waiting for a response.
        var arbiter = new StreamArbiter<>(
                new BurstSpan(p.addressBits, p.maxBurst),
                new StreamArbiter.Params(3, StreamArbiter.Order.FIXED, false));
        arbiter.put.get(ReadPort.PROGRAM.ordinal()).set(bus.program);
        arbiter.put.get(ReadPort.ACTIVATIONS.ordinal()).set(bus.activations);
        arbiter.put.get(ReadPort.WEIGHTS.ordinal()).set(bus.weights);
        arbiter.take.ready.set(acceptsRead);
        Bool takes = arbiter.take.fire();
        Bool scales = arbiter.chosen.eq(ReadPort.WEIGHTS.ordinal()).and(bus.weightsAreScales);

        when(axi.arready, () -> arValid.set(false));
        when(takes, () -> {
            arValid.set(true);
            arAddress.set(arbiter.take.bits.address);
            arLength.set(lengthOf(arbiter.take.bits));
            arId.set(idOf(arbiter.chosen, scales));
        });

        Bool arrives = axi.rvalid;
        Bool ends = arrives.and(axi.rlast);
        when(takes.and(ends.not()), () -> readBursts.set(readBursts.wrapAdd(1)));
        when(ends.and(takes.not()), () -> readBursts.set(readBursts.wrapSub(1)));

        axi.arvalid.set(arValid);
        axi.araddr.set(arAddress);
        axi.arlen.set(arLength);
        axi.arsize.set(Log2.exact(p.beatBits / 8));
        axi.arburst.set(INCR);
        axi.arid.set(arId);
        axi.rready.set(true);
        bus.reply.valid.set(arrives);
        bus.reply.id.set(axi.rid);
        bus.reply.data.set(axi.rdata);
        bus.events.readsPending.set(readBursts.ne(0));
        bus.events.readBeat.set(arrives);
        bus.events.readError.set(arrives.and(axi.rresp.bit(1)));
    }

    private UInt idOf(UInt reader, Bool scales) {
        if (bus.weightsAreEntries == null) {
            return mux(scales, lit(ReadPort.SCALES.ordinal(), ReadPort.ID_BITS), reader);
        }
        int bits = ReadPort.idBits(true);
        Bool entries = reader.eq(ReadPort.WEIGHTS.ordinal()).and(bus.weightsAreEntries);
        return mux(
                entries,
                lit(ReadPort.ENTRIES.ordinal(), bits),
                mux(scales, lit(ReadPort.SCALES.ordinal(), bits), reader.extend(bits)));
    }

    private void writes(Params p) {
        Bool awValid = reg(bool()).init(false);
        UInt awAddress = reg(uint(p.addressBits));
        UInt awLength = reg(uint(8));
        UInt writeBursts = reg(uint(Log2.bitsFor(MAX_WRITES))).init(0);

        // One address at a time, accepted before its data is offered: the simplest order every slave knows.
        Bool acceptsWrite = awValid.not().and(bus.hold.not()).and(writeBursts.lt(MAX_WRITES));
        bus.store.ready.set(acceptsWrite);
        when(awValid.and(axi.awready), () -> awValid.set(false));
        when(bus.store.fire(), () -> {
            awValid.set(true);
            awAddress.set(bus.store.bits.address);
            awLength.set(lengthOf(bus.store.bits));
        });
        when(bus.store.fire().and(axi.bvalid.not()), () -> writeBursts.set(writeBursts.wrapAdd(1)));
        when(axi.bvalid.and(bus.store.fire().not()), () -> writeBursts.set(writeBursts.wrapSub(1)));

        axi.awvalid.set(awValid);
        axi.awaddr.set(awAddress);
        axi.awlen.set(awLength);
        axi.awsize.set(Log2.exact(p.beatBits / 8));
        axi.awburst.set(INCR);
        axi.awid.set(0);
        axi.wvalid.set(bus.storeData.valid.and(awValid.not()));
        axi.wdata.set(bus.storeData.bits.data);
        axi.wstrb.set(fill(p.beatBits / 8, lit(true)));
        axi.wlast.set(bus.storeData.bits.last);
        axi.bready.set(true);
        bus.storeData.ready.set(axi.wready.and(awValid.not()));
        bus.events.writesPending.set(writeBursts.ne(0));
        bus.events.writtenBeat.set(bus.storeData.fire());
        bus.events.writeResponse.set(axi.bvalid);
        bus.events.writeError.set(axi.bvalid.and(axi.bresp.bit(1)));
    }

    /** AXI counts a burst's beats from zero. */
    private static UInt lengthOf(BurstSpan span) {
        return span.beats.wrapSub(1).extend(8);
    }
}
