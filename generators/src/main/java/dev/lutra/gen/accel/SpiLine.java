// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.lib.serial.SpiSlave;
import dev.lutra.machine.SerialProtocol;

/**
 * The bytes of a {@link SerialBridge} on an SPI bus. Chip select ends a frame, whole or not. A slave cannot say when it has something to send: zeros go out
 * until then, and {@link SerialProtocol#ANSWER} before the first byte.
 */
final class SpiLine extends Module {

    final Bool sck = in(bool());
    final Bool selectN = in(bool());
    final Bool mosi = in(bool());
    final Bool miso = out(bool());

    /** Bytes of an answer must follow each other as they go out, which is every 32 cycles on the fastest bus. */
    final ByteLine bytes = out(new ByteLine());

    SpiLine() {
        doc("Bytes on an SPI bus; answers begin with A5h after zeros.");
        var slave = new SpiSlave();
        slave.sck.set(sck);
        slave.selectN.set(selectN);
        slave.mosi.set(mosi);
        miso.set(slave.miso);
        bytes.valid.set(slave.valid);
        bytes.data.set(slave.data);
        bytes.silent.set(slave.selected.not());
        Bool begun = reg(bool()).init(false);
        slave.put.valid.set(bytes.put.valid);
        slave.put.bits.set(mux(begun, bytes.put.bits, lit(SerialProtocol.ANSWER, 8)));
        bytes.put.ready.set(slave.put.ready.and(begun));
        when(slave.put.ready, () -> begun.set(bytes.put.valid));
    }
}
