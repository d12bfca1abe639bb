// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import java.nio.LongBuffer;

/** Reads and writes the ports of the top in the state of a design, by number. Does not settle anything. */
final class PortAccess {
    private final int[] width;
    private final boolean[] signed;
    private final int[] slot;
    private final int[] ints;
    private final long[] longs;

    PortAccess(Circuit circuit, CompiledDesign compiled) {
        ints = compiled.ints;
        longs = compiled.longs;
        var ports = circuit.top().ports();
        width = new int[ports.size()];
        signed = new boolean[ports.size()];
        slot = new int[ports.size()];
        var inputs = compiled.design().inputs().iterator();
        var outputs = compiled.design().outputs().iterator();
        for (int i = 0; i < ports.size(); i++) {
            width[i] = ports.get(i).type().width();
            signed[i] = ports.get(i).type().signed();
            boolean in = ports.get(i).direction() == Direction.IN;
            slot[i] = compiled.slot(in ? inputs.next().value() : outputs.next().value());
        }
    }

    int words(int port) {
        return (width[port] + 63) >> 6;
    }

    /** A port of up to 64 bits, extended by its sign. */
    long get(int port) {
        if (width[port] > 32) {
            return longs[slot[port]];
        }
        int value = ints[slot[port]];
        return signed[port] ? value : value & 0xFFFF_FFFFL;
    }

    void get(int port, long[] words) {
        if (width[port] <= 64) {
            words[0] = get(port);
        } else {
            System.arraycopy(longs, slot[port], words, 0, words(port));
        }
    }

    int get(int port, LongBuffer buffer, int at) {
        if (width[port] <= 64) {
            buffer.put(at, get(port));
            return 1;
        }
        int words = words(port);
        for (int k = 0; k < words; k++) {
            buffer.put(at + k, longs[slot[port] + k]);
        }
        return words;
    }

    /** Sets a port of up to 64 bits; bits beyond its width are ignored. */
    void set(int port, long value) {
        if (width[port] <= 32) {
            ints[slot[port]] = (int) cut(port, value, width[port]);
        } else {
            longs[slot[port]] = cut(port, value, width[port]);
        }
    }

    void set(int port, long[] words) {
        if (width[port] <= 64) {
            set(port, words[0]);
            return;
        }
        int top = words(port) - 1;
        System.arraycopy(words, 0, longs, slot[port], top);
        longs[slot[port] + top] = cut(port, words[top], width[port] - 64 * top);
    }

    int set(int port, LongBuffer buffer, int at) {
        if (width[port] <= 64) {
            set(port, buffer.get(at));
            return 1;
        }
        int words = words(port);
        for (int k = 0; k < words - 1; k++) {
            longs[slot[port] + k] = buffer.get(at + k);
        }
        longs[slot[port] + words - 1] = cut(port, buffer.get(at + words - 1), width[port] - 64 * (words - 1));
        return words;
    }

    private long cut(int port, long value, int bits) {
        int shift = 64 - bits;
        return signed[port] ? value << shift >> shift : value << shift >>> shift;
    }
}
