// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;

/** Prints the rows of {@code lutra bench sim} as they come, so that none is lost where a later design fails. */
final class SimBenchTable implements Consumer<SimBench.Row> {
    private final PrintWriter out;
    private final double seconds;
    private boolean begun;
    private double natively;

    /** @param seconds as given to {@link SimBench#measure} */
    SimBenchTable(PrintWriter out, double seconds) {
        this.out = out;
        this.seconds = seconds;
    }

    /** The native program's row comes before the others of its design. */
    @Override
    public void accept(SimBench.Row row) {
        if (!begun) {
            begun = true;
            out.printf(
                    "Random stimulus of seed %d, at least %s CPU seconds each%n%n",
                    BenchDesign.SEED, String.valueOf(seconds).replaceFirst("\\.0$", ""));
            out.printf(
                    "%-22s %-14s %14s %8s %12s %12s %12s%n",
                    "design", "engine", "cycles/CPU s", "native", "first cycle", "cached", "process");
        }
        if (row.engine().equals("native")) {
            natively = row.cyclesPerCpuSecond();
        }
        out.printf(
                "%-22s %-14s %,14.0f %8.2f %10.2f s %10.3f s %10.2f s%n",
                row.design(),
                row.engine() + row.variant(),
                row.cyclesPerCpuSecond(),
                row.cyclesPerCpuSecond() / natively,
                row.firstCycle(),
                row.firstCycleCached(),
                row.process());
        out.flush();
    }
}
