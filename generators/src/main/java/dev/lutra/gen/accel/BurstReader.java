// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/**
 * Cuts a transfer into bursts.
 *
 * <p>A burst is as long as the transfer, the longest burst and the next 4-KiB boundary allow, and is requested only
 * when the destination has room for all of it.
 */
final class BurstReader extends Module {

    /**
     * @param addressBits width of a byte address
     * @param beatBytes bytes of a bus beat
     * @param maxBurst longest burst, beats
     * @param jobBits width of the beat count of a transfer
     * @param freeBits width of the free-room input
     */
    record Params(int addressBits, int beatBytes, int maxBurst, int jobBits, int freeBits) {}

    final Bool clear = in(bool());
    final Bool jobValid = in(bool());
    final Bool jobReady = out(bool());
    final UInt jobAddress;
    final UInt jobBeats;
    final UInt freeBeats;
    final Decoupled<BurstSpan> burst;

    BurstReader(Params p) {
        super(p);
        doc("Cuts a transfer into bursts of at most " + p.maxBurst + " beats that stay within 4 KiB.");
        doc("A burst is requested only when its destination has room for all of it.");
        jobAddress = in(uint(p.addressBits));
        jobBeats = in(uint(p.jobBits));
        freeBeats = in(uint(p.freeBits));
        burst = out(decoupled(new BurstSpan(p.addressBits, p.maxBurst)));

        UInt address = reg(uint(p.addressBits));
        UInt remaining = reg(uint(p.jobBits)).init(0);

        UInt beats = BurstSpan.beatsWithin(address, remaining, p.beatBytes, p.maxBurst);
        burst.valid.set(remaining.ne(0).and(freeBeats.ge(beats)));
        burst.bits.address.set(address);
        burst.bits.beats.set(beats);
        jobReady.set(remaining.eq(0));
        when(jobValid.and(jobReady), () -> {
            address.set(jobAddress);
            remaining.set(jobBeats);
        });
        when(burst.fire(), () -> {
            address.set(address.wrapAdd(beats.shl(Log2.exact(p.beatBytes))));
            remaining.set(remaining.wrapSub(beats).truncate(p.jobBits));
        });
        when(clear, () -> remaining.set(0));
    }
}
