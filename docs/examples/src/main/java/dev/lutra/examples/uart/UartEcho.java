// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.uart;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.serial.UartReceiver;
import dev.lutra.hdl.lib.serial.UartTransmitter;
import dev.lutra.hdl.lib.stream.StreamFifo;

/**
 * Sends back every byte that comes over a serial line. A queue takes up what the other end sends faster; a byte that comes when it is
 * full is lost.
 */
public final class UartEcho extends Module {
    /**
     * @param clocksPerBit cycles of a bit: clock frequency by baud rate, at least 4
     * @param depth bytes in the queue
     */
    public record Params(int clocksPerBit, int depth) {}

    public final Bool rx = in(bool());
    public final Bool tx = out(bool());

    /** Bytes lost since the reset, at most 255: the queue was full. */
    public final UInt overflows = out(uint(8));

    /** Bytes lost since the reset, at most 255: there was no stop bit. */
    public final UInt framingErrors = out(uint(8));

    public UartEcho(Params p) {
        super(p);
        doc("Sends back every byte that comes over a serial line.");
        var receiver = new UartReceiver(new UartReceiver.Params(p.clocksPerBit));
        var fifo = new StreamFifo<>(uint(8), p.depth);
        var transmitter = new UartTransmitter(new UartTransmitter.Params(p.clocksPerBit));
        receiver.rx.set(rx);
        fifo.clear.set(false);
        fifo.put.valid.set(receiver.valid);
        fifo.put.bits.set(receiver.data);
        transmitter.put.set(fifo.take);
        tx.set(transmitter.tx);

        var overflow = receiver.valid.andNot(fifo.put.ready);
        var overflowCount = reg(uint(8)).init(0);
        when(overflow, () -> overflowCount.set(overflowCount.add(1).saturate(8)));
        overflows.set(overflowCount);
        var errorCount = reg(uint(8)).init(0);
        when(receiver.framingError, () -> errorCount.set(errorCount.add(1).saturate(8)));
        framingErrors.set(errorCount);
    }
}
