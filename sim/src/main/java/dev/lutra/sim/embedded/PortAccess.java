// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes the ports of the top in the state of a design, by number. Does not settle anything. */
final class PortAccess {
    private final int[] width;
    private final boolean[] signed;
    private final int[] slot;
    private final Value[] value;
    private final int[] ints;
    private final long[] longs;

    PortAccess(Circuit circuit, CompiledDesign compiled) {
        ints = compiled.ints;
        longs = compiled.longs;
        var ports = circuit.top().ports();
        width = new int[ports.size()];
        signed = new boolean[ports.size()];
        slot = new int[ports.size()];
        value = new Value[ports.size()];
        var inputs = compiled.design().inputs().iterator();
        var outputs = compiled.design().outputs().iterator();
        for (int i = 0; i < ports.size(); i++) {
            width[i] = ports.get(i).type().width();
            signed[i] = ports.get(i).type().signed();
            boolean in = ports.get(i).direction() == Direction.IN;
            value[i] = in ? inputs.next().value() : outputs.next().value();
            slot[i] = compiled.slot(value[i]);
        }
    }

    /** The values of ports. */
    List<Value> values(int[] numbers) {
        var values = new ArrayList<Value>();
        for (int port : numbers) {
            values.add(value[port]);
        }
        return values;
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

    private long cut(int port, long value, int bits) {
        int shift = 64 - bits;
        return signed[port] ? value << shift >> shift : value << shift >>> shift;
    }
}
