// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.capture;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Reset;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.lib.logic.Lfsr;

/**
 * A test bench in hardware, since either clock may be the faster one: a converter that numbers its samples, with random gaps, and a
 * receiver that stalls at random and requires each number to be the next one, unless the beat says that samples were lost.
 */
final class CaptureBench extends Module {
    static final int SAMPLE_BITS = 12;
    static final int PACKET = 10;

    /** Samples come with this probability, of 16. */
    final UInt rate = in(uint(5));

    /** Beats are taken with this probability, of 16. */
    final UInt speed = in(uint(5));

    final Clock stream_clk = in(clock());
    final Reset stream_rst = in(reset(ResetKind.SYNC));

    final UInt sent = out(uint(32));
    final UInt lost = out(uint(16));
    final UInt received = out(uint(32));
    final UInt skipped = out(uint(32));
    final UInt packets = out(uint(32));

    CaptureBench(int depth) {
        var capture = new Capture(new Capture.Params(SAMPLE_BITS, depth, PACKET));
        capture.stream_clk.set(stream_clk);
        capture.stream_rst.set(stream_rst);

        var number = reg(uint(SAMPLE_BITS)).init(0);
        var total = reg(uint(32)).init(0);
        var comes = chance(rate, 0xACE1);
        capture.valid.set(comes);
        capture.sample.set(number);
        when(comes, () -> {
            number.set(number.wrapAdd(1));
            total.set(total.wrapAdd(1));
        });
        sent.set(total);
        lost.set(capture.lost);
        domain(stream_clk, stream_rst).use(() -> receive(capture));
    }

    private void receive(Capture capture) {
        var ready = chance(speed, 0x1D0F);
        var beat = capture.m_axis;
        beat.tready.set(ready);
        var next = reg(uint(SAMPLE_BITS)).init(0);
        var taken = reg(uint(32)).init(0);
        var missed = reg(uint(32)).init(0);
        var ended = reg(uint(32)).init(0);
        var inPacket = reg(uint(4)).init(0);
        var sample = beat.tdata.bits(SAMPLE_BITS - 1, 0).asUInt();
        var marked = beat.tdata.bit(Capture.BEAT_BITS - 1);
        when(beat.tvalid.and(ready), () -> {
            require(sample.ne(next).eq(marked), "a beat says whether samples are missing before it");
            require(beat.tlast.eq(inPacket.eq(PACKET - 1)), "packets are of one length");
            next.set(sample.wrapAdd(1));
            taken.set(taken.wrapAdd(1));
            missed.set(missed.wrapAdd(sample.wrapSub(next)));
            inPacket.set(mux(beat.tlast, lit(0, 4), inPacket.wrapAdd(1)));
            when(beat.tlast, () -> ended.set(ended.wrapAdd(1)));
        });
        received.set(taken);
        skipped.set(missed);
        packets.set(ended);
    }

    /** True with a probability, of 16, by a random number of the current clock. */
    private static Bool chance(UInt probability, long seed) {
        var random = new Lfsr(new Lfsr.Params(17, seed));
        random.enable.set(true);
        return random.value.bits(9, 6).lt(probability);
    }
}
