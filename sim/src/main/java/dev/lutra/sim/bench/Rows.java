// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import dev.lutra.hdl.ir.Port;
import java.util.ArrayList;
import java.util.List;

/** One side of a batch while it is put together: which ports, and where their words are. */
final class Rows {
    private final List<Port> ports = new ArrayList<>();
    private int words;

    static int words(Port port) {
        return (port.type().width() + 63) / 64;
    }

    static int words(List<Port> ports) {
        return ports.stream().mapToInt(Rows::words).sum();
    }

    /** Adds ports side by side; the place of the first word. */
    int add(List<Port> more) {
        int first = words;
        ports.addAll(more);
        words += words(more);
        return first;
    }

    List<Port> ports() {
        return ports;
    }

    /** Words of a row. */
    int words() {
        return words;
    }
}
