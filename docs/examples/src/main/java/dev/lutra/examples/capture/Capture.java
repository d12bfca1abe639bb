// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.capture;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Reset;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.lib.AsyncFifo;
import dev.lutra.hdl.lib.axi.AxiStream;
import dev.lutra.hdl.lib.check.AxiStreamChecker;
import dev.lutra.hdl.lib.check.Side;

/**
 * Takes the samples of a converter, which come by the converter's clock and cannot wait, through an asynchronous queue to an
 * AXI4-Stream of another clock. A beat has a sample in its low bits; the top bit says that samples before it were lost because the queue
 * was full. The stream is cut into packets of equal length.
 */
public final class Capture extends Module {
    /**
     * @param sampleBits bits of a sample, at most 15
     * @param depth samples in the queue, a power of two from 4 on
     * @param packet beats of a packet, at least 2
     */
    public record Params(int sampleBits, int depth, int packet) {
        public Params {
            if (sampleBits < 1 || sampleBits > BEAT_BITS - 1 || packet < 2) {
                throw new IllegalArgumentException(
                        "samples of %d bits in packets of %d: 1 to 15 bits, at least 2".formatted(sampleBits, packet));
            }
        }
    }

    /** Bits of a beat. */
    public static final int BEAT_BITS = 16;

    /** A new sample in this cycle of the module's own clock, the converter's. */
    public final Bool valid = in(bool());

    public final UInt sample;

    /** Samples lost so far, modulo 2^16; of the converter's clock. */
    public final UInt lost = out(uint(16));

    /** Clock and reset of the stream; both sides must be reset together. */
    public final Clock stream_clk = in(clock());

    public final Reset stream_rst = in(reset(ResetKind.SYNC));
    public final AxiStream m_axis = out(new AxiStream(BEAT_BITS));

    public Capture(Params p) {
        super(p);
        doc(
                "Takes samples of one clock to an AXI4-Stream of another; what a full queue cannot take is counted and marked.");
        sample = in(uint(p.sampleBits));

        var queue = new AsyncFifo<>(new Sample(p.sampleBits), new AsyncFifo.Params(p.depth, ResetKind.SYNC));
        var missing = reg(bool()).init(false);
        var losses = reg(uint(16)).init(0);
        queue.in.valid.set(valid);
        queue.in.bits.gap.set(missing);
        queue.in.bits.value.set(sample);
        when(valid, () -> missing.set(queue.in.ready.not()));
        when(valid.and(queue.in.ready.not()), () -> losses.set(losses.wrapAdd(1)));
        lost.set(losses);

        queue.clock.set(stream_clk);
        queue.reset.set(stream_rst);
        domain(stream_clk, stream_rst).use(() -> packets(p, queue));
    }

    private void packets(Params p, AsyncFifo<Sample> queue) {
        var left = reg(uint(32 - Integer.numberOfLeadingZeros(p.packet - 1))).init(p.packet - 1);
        var last = left.eq(0);
        when(queue.out.fire(), () -> left.set(mux(last, lit(p.packet - 1), left.wrapSub(1))));
        m_axis.tvalid.set(queue.out.valid);
        m_axis.tdata.set(cat(queue.out.bits.gap, queue.out.bits.value.extend(BEAT_BITS - 1)));
        m_axis.tkeep.set(fill(BEAT_BITS / 8, lit(true)));
        m_axis.tlast.set(last);
        queue.out.ready.set(m_axis.tready);
        AxiStreamChecker.watch(m_axis, Side.MASTER);
    }
}
