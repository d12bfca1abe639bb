// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code lutra bench} measured.
 *
 * @param accelerator cycles by the accelerator's own counters, against what no schedule could beat
 * @param sim how fast each engine simulates the default accelerator
 */
record BenchResult(List<Reached> accelerator, List<Speed> sim) {

    /**
     * Cycles of some regions, start to done.
     *
     * @param work what ran
     * @param busBits width of the memory bus
     * @param cycles sum over the regions
     * @param ceilingCycles sum of the regions' ceilings
     */
    record Reached(String work, int busBits, long cycles, long ceilingCycles) {
        double fraction() {
            return (double) ceilingCycles / cycles;
        }

        private Map<String, Object> json() {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("work", work);
            row.put("bus_bits", busBits);
            row.put("cycles", cycles);
            row.put("ceiling_cycles", ceilingCycles);
            row.put("fraction", fraction());
            return row;
        }
    }

    /**
     * Speed of a simulation.
     *
     * @param engine name of the simulator
     * @param cycles that were simulated
     * @param cpuSeconds of this process, all threads
     */
    record Speed(String engine, long cycles, double cpuSeconds) {
        double cyclesPerCpuSecond() {
            return cycles / cpuSeconds;
        }

        private Map<String, Object> json() {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("engine", engine);
            row.put("cycles", cycles);
            row.put("cpu_seconds", cpuSeconds);
            row.put("cycles_per_cpu_second", cyclesPerCpuSecond());
            return row;
        }
    }

    /** How many cycles the last engine simulates in the time the first one needs for one. */
    double simRatio() {
        return sim.get(sim.size() - 1).cyclesPerCpuSecond() / sim.get(0).cyclesPerCpuSecond();
    }

    /** The object that {@code --json} prints. */
    Map<String, Object> json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("accelerator", accelerator.stream().map(Reached::json).toList());
        all.put("sim", sim.stream().map(Speed::json).toList());
        all.put("sim_ratio", simRatio());
        return all;
    }

    String table() {
        StringBuilder table = new StringBuilder();
        table.append("%-46s %5s %9s %9s %9s%n".formatted("accelerator", "bus", "cycles", "ceiling", "reached"));
        for (Reached row : accelerator) {
            table.append("%-46s %5d %9d %9d %7.1f %%%n"
                    .formatted(row.work(), row.busBits(), row.cycles(), row.ceilingCycles(), 100 * row.fraction()));
        }
        table.append("%n%-46s %9s %9s %15s%n".formatted("sim", "cycles", "CPU s", "cycles / CPU s"));
        for (Speed row : sim) {
            table.append("%-46s %9d %9.2f %15.0f%n"
                    .formatted(row.engine(), row.cycles(), row.cpuSeconds(), row.cyclesPerCpuSecond()));
        }
        return table.append("%-46s %35.1f%n".formatted("ratio", simRatio())).toString();
    }
}
