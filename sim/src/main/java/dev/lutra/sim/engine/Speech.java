// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a design says while it runs, line by line in the words of its Verilog, on the way to the user. Lines of one cycle come in
 * program order within an instance; the order of instances is the engine's own.
 */
public final class Speech {
    /** Instance, what happened, where and why. */
    private static final Pattern EVENT =
            Pattern.compile("([\\w.]+): (require failed|assume failed|stopped|covered) at (.*)");

    private final Map<String, Long> covered = new LinkedHashMap<>();
    private Consumer<String> listener = line -> {};

    /** Takes every printed line from now on. */
    public void listener(Consumer<String> lines) {
        listener = lines;
    }

    /**
     * The first cycle of each thing covered, by instance, place and text ({@code Top.fifo: Fifo.java:12: full}).
     */
    public Map<String, Long> covered() {
        return Collections.unmodifiableMap(covered);
    }

    /**
     * Takes what was said at the edge of a cycle.
     *
     * @throws RequireException if a property failed
     * @throws StopException if the design ended the simulation
     */
    public void hear(long cycle, List<String> lines) {
        var failures = new ArrayList<String>();
        var stops = new ArrayList<String>();
        for (String line : lines) {
            Matcher event = EVENT.matcher(line);
            if (!event.matches()) {
                listener.accept(line);
                continue;
            }
            String what = event.group(2);
            String instance = event.group(1);
            if (what.equals("covered")) {
                covered.putIfAbsent(instance + ": " + event.group(3), cycle);
            } else {
                boolean stopped = what.equals("stopped");
                (stopped ? stops : failures)
                        .add(what + " in cycle " + cycle + " at " + event.group(3) + " (in " + instance + ")");
            }
        }
        if (!failures.isEmpty()) {
            Collections.sort(failures);
            throw new RequireException(cycle, String.join("\n", failures));
        }
        if (!stops.isEmpty()) {
            Collections.sort(stops);
            throw new StopException(cycle, String.join("\n", stops));
        }
    }
}
