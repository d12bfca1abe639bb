// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Machine;
import dev.lutra.machine.SideEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The side engine, entry by entry, between its two rings. */
final class SideUnit {
    private final ByteBuffer activations;
    private final int width;
    private final Ring entries;
    private final Ring sums;
    private long sum;

    SideUnit(Machine machine, Ring entries, Ring sums) {
        this.width = machine.engine().activations().bytes();
        this.activations = ByteBuffer.allocate(machine.side().columns() * width).order(ByteOrder.LITTLE_ENDIAN);
        this.entries = entries;
        this.sums = sums;
    }

    /** Whether all entries that came are worked off. */
    boolean rests() {
        return entries.available() == 0;
    }

    int capacity() {
        return activations.capacity();
    }

    void load(byte[] row) {
        activations.put(0, row);
    }

    /** Takes at most so many entries; returns whether it took any. */
    boolean advance(int most) {
        int taken = 0;
        byte[] bytes = new byte[SideEngine.SUM_BYTES];
        ByteBuffer word = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (taken < most && entries.available() >= SideEngine.ENTRY_BYTES && sums.free() >= SideEngine.SUM_BYTES) {
            entries.read(bytes, SideEngine.ENTRY_BYTES);
            int entry = word.getInt(0);
            // places wrap as addresses of its memory do
            int place = SideEngine.place(entry) % (activations.capacity() / width);
            sum += (long) SideEngine.code(entry) * ActivationType.at(activations.array(), place * width, width);
            if (SideEngine.isLast(entry)) {
                sums.write(word.putLong(0, sum).array(), SideEngine.SUM_BYTES);
                sum = 0;
            }
            taken++;
        }
        return taken > 0;
    }
}
