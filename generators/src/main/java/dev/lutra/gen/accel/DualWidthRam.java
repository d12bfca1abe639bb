// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A simple dual-port memory whose two ports may differ in width by a power of two.
 *
 * <p>The narrower word with address 0 lies in the least significant bits of the wider one. Reads take one cycle and
 * hold their result while {@code readEnable} is low; a read sees the word as it was before a write in the same cycle.
 */
final class DualWidthRam extends Module {

    /**
     * @param writeBits width of the write port
     * @param readBits width of the read port
     * @param bytes capacity
     */
    record Params(int writeBits, int readBits, int bytes) {}

    final Bool writeEnable = in(bool());
    final UInt writeAddress;
    final Bits writeData;
    final Bool readEnable = in(bool());
    final UInt readAddress;
    final Bits readData;

    DualWidthRam(Params p) {
        super(p);
        doc("Simple dual-port memory of " + p.bytes + " bytes: " + p.writeBits + "-bit writes, " + p.readBits
                + "-bit reads with a latency of one cycle.");
        int wide = Math.max(p.writeBits, p.readBits);
        int depth = p.bytes * 8 / wide;
        writeAddress = in(uint(Log2.exact(p.bytes * 8 / p.writeBits)));
        writeData = in(bits(p.writeBits));
        readAddress = in(uint(Log2.exact(p.bytes * 8 / p.readBits)));
        readData = out(bits(p.readBits));

        Memory<Bits> words = memory(bits(wide), depth);
        writePort(p, wide, words);
        readPort(p, wide, words);
    }

    private void writePort(Params p, int wide, Memory<Bits> words) {
        if (p.writeBits == wide) {
            when(writeEnable, () -> words.write(writeAddress, writeData));
            return;
        }
        int lanes = wide / p.writeBits;
        int laneBits = Log2.exact(lanes);
        UInt writeRow = writeAddress.bits(writeAddress.width() - 1, laneBits);
        UInt writeLane = writeAddress.bits(laneBits - 1, 0);
        Bits laneMask = lit(1, lanes).shlWrap(writeLane).asBits();
        Bits everyLane = cat(Collections.nCopies(lanes, writeData));
        when(writeEnable, () -> words.write(writeRow, everyLane, laneMask));
    }

    private void readPort(Params p, int wide, Memory<Bits> words) {
        if (p.readBits == wide) {
            readData.set(words.read(readAddress, readEnable));
            return;
        }
        int lanes = wide / p.readBits;
        int laneBits = Log2.exact(lanes);
        UInt readRow = readAddress.bits(readAddress.width() - 1, laneBits);
        Bits row = words.read(readRow, readEnable);
        UInt readLane = reg(uint(laneBits));
        when(readEnable, () -> readLane.set(readAddress.bits(laneBits - 1, 0)));
        List<Bits> parts = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            parts.add(row.bits((lane + 1) * p.readBits - 1, lane * p.readBits));
        }
        readData.set(select(readLane, parts));
    }
}
