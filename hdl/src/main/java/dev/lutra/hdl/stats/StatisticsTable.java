// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Statistics as text: the instances with what they take, then the memories and operators of each module. */
public final class StatisticsTable {
    private StatisticsTable() {}

    /** Lines of at most a few columns, each ended; numbers of an instance include all that is in it. */
    public static String of(Statistics statistics) {
        List<Statistics.Row> rows = statistics.instances();
        int names = rows.stream().mapToInt(r -> name(r).length()).max().orElse(0);
        String format = "%-" + Math.max(names, 8) + "s %9s %9s";
        var text = new StringBuilder(format.formatted("", "register", "memory"));
        for (Target target : Target.values()) {
            text.append("  %27s".formatted("--- about, on " + target.id() + " ---"));
        }
        text.append('\n').append(format.formatted("instance", "bits", "bits"));
        for (int i = 0; i < Target.values().length; i++) {
            text.append("  %8s %8s %4s %4s".formatted("LUT", "FF", "DSP", "BRAM"));
        }
        text.append('\n');
        for (Statistics.Row row : rows) {
            Statistics.Totals totals = row.totals();
            text.append(format.formatted(name(row), totals.registerBits(), totals.memoryBits()));
            for (Target target : Target.values()) {
                Estimate e = totals.estimates().getOrDefault(target, Estimate.NONE);
                text.append("  %8d %8d %4d %4d".formatted(e.luts(), e.flipFlops(), e.dsps(), e.blockRams()));
            }
            text.append('\n');
        }
        text.append('\n');
        for (ModuleStatistics module : statistics.modules()) {
            text.append(module.module().name()).append('\n');
            for (MemoryUse memory : module.memories()) {
                text.append("  memory %s: %d x %d, %d read, %d write%n"
                        .formatted(
                                memory.name(),
                                memory.words(),
                                memory.width(),
                                memory.readPorts(),
                                memory.writePorts()));
            }
            for (Operator.Kind kind : Operator.Kind.values()) {
                List<String> shapes = new ArrayList<>();
                for (Map.Entry<Operator, Integer> e : module.operators().entrySet()) {
                    if (e.getKey().kind() == kind) {
                        shapes.add(e.getValue() + " of " + e.getKey().shape());
                    }
                }
                if (!shapes.isEmpty()) {
                    text.append("  %s: %s%n"
                            .formatted(
                                    kind.name().toLowerCase(java.util.Locale.ROOT),
                                    shapes.stream().collect(Collectors.joining(", "))));
                }
            }
        }
        return text.toString();
    }

    private static String name(Statistics.Row row) {
        String many = row.count() > 1 ? " and " + (row.count() - 1) + " more" : "";
        return "  ".repeat(row.depth())
                + row.name()
                + many
                + (row.depth() > 0 ? ": " + row.module().name() : "");
    }
}
