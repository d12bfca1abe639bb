// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import dev.lutra.hdl.ir.Port;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;

/** Which bits of ports have risen and fallen between two cycles that followed each other in a bench. */
public final class ToggleCoverage {
    private final List<Port> ports;
    private final long[] last;
    private final long[] rose;
    private final long[] fell;
    private boolean started;

    /** Of ports whose words are shown to {@link #look}; {@link Bench#toggles} does that. */
    public ToggleCoverage(List<Port> ports) {
        this.ports = List.copyOf(ports);
        int words = ports.stream().mapToInt(Rows::words).sum();
        last = new long[words];
        rose = new long[words];
        fell = new long[words];
    }

    /**
     * Takes the next cycle.
     *
     * @param at where in a row of response the words of the ports begin, side by side
     */
    public void look(LongBuffer rows, int at) {
        for (int i = 0; i < last.length; i++) {
            long now = rows.get(at + i);
            if (started) {
                rose[i] |= now & ~last[i];
                fell[i] |= last[i] & ~now;
            }
            last[i] = now;
        }
        started = true;
    }

    /**
     * One port.
     *
     * @param rose bits seen to go from 0 to 1
     * @param fell bits seen to go from 1 to 0
     * @param missing what was not seen, such as {@code 7..4 rise, 0 fall}; empty if all was
     */
    public record Line(String port, int bits, int rose, int fell, String missing) {}

    /** A line for each port. */
    public List<Line> lines() {
        var lines = new ArrayList<Line>();
        int word = 0;
        for (Port port : ports) {
            int bits = port.type().width();
            var missing = new ArrayList<String>();
            int up = count(rose, word, bits, "rise", missing);
            int down = count(fell, word, bits, "fall", missing);
            lines.add(new Line(port.name(), bits, up, down, String.join(", ", missing)));
            word += Rows.words(port);
        }
        return lines;
    }

    private static int count(long[] seen, int word, int bits, String what, List<String> missing) {
        int count = 0;
        int high = -1;
        for (int bit = bits - 1; bit >= -1; bit--) {
            boolean is = bit < 0 || (seen[word + bit / 64] >>> bit % 64 & 1) != 0;
            if (is && high >= 0) {
                missing.add((high == bit + 1 ? "" + high : high + ".." + (bit + 1)) + " " + what);
                high = -1;
            } else if (!is && high < 0) {
                high = bit;
            }
            count += is && bit >= 0 ? 1 : 0;
        }
        return count;
    }

    /** Toggles seen of those possible, 0 to 1. */
    public double ratio() {
        double seen = lines().stream().mapToInt(line -> line.rose + line.fell).sum();
        return seen / lines().stream().mapToInt(line -> 2 * line.bits).sum();
    }

    /** A table for people, a line for each port. */
    public String table() {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("port", "bits", "rose", "fell", "not seen"));
        for (Line line : lines()) {
            rows.add(List.of(line.port, "" + line.bits, "" + line.rose, "" + line.fell, line.missing));
        }
        return Table.of(rows) + "toggles: %.1f %%%n".formatted(100 * ratio());
    }
}
