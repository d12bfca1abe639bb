// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.serial.UartReceiver;
import dev.lutra.hdl.lib.serial.UartTransmitter;

/**
 * The bytes of a {@link SerialBridge} on an asynchronous serial line. A frame ends early when the bridge has waited for 2^quietBits cycles for its next byte.
 */
final class UartLine extends Module {

    final Bool rx = in(bool());
    final Bool tx = out(bool());

    final ByteLine bytes = out(new ByteLine());

    UartLine(HostLine.Uart p) {
        super(p);
        doc("Bytes on a serial line, and its silence.");
        var receiver = new UartReceiver(new UartReceiver.Params(p.clocksPerBit()));
        var transmitter = new UartTransmitter(new UartTransmitter.Params(p.clocksPerBit()));
        receiver.rx.set(rx);
        tx.set(transmitter.tx);
        transmitter.put.set(bytes.put);
        bytes.valid.set(receiver.valid);
        bytes.data.set(receiver.data);
        UInt quiet = reg(uint(p.quietBits() + 1)).init(0);
        when(receiver.valid.or(bytes.listens.not()), () -> quiet.set(0)).otherwise(() -> quiet.set(quiet.wrapAdd(1)));
        bytes.silent.set(quiet.bit(p.quietBits()));
    }
}
