// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.session;

import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.runtime.device.Counters;
import dev.lutra.runtime.linear.RegionRun;
import java.util.function.Consumer;

/**
 * Adds up what a device counted over its regions, and what no schedule could have beaten: the sum of the regions'
 * ceilings.
 */
public final class RunMeter implements Consumer<RegionRun> {

    private final MappedProgram program;
    private Counters counters = Counters.ZERO;
    private long ceilingCycles;
    private long formulaCycles;
    private long weightBytes;
    private long regions;

    public RunMeter(MappedProgram program) {
        this.program = program;
    }

    @Override
    public void accept(RegionRun run) {
        counters = counters.plus(run.counters());
        for (int step = 0; step < run.steps(); step++) {
            ceilingCycles += program.ceiling(run.region(), run.length() + step).cycles();
        }
        int m = program.machine().engine().m();
        boolean isStep = program.program().region(run.region()).isStep();
        long chunks = isStep ? run.steps() : (run.length() + m - 1) / m;
        for (RegionPlan plan : program.plansOf(run.region())) {
            formulaCycles += chunks * plan.computeCycles();
            weightBytes += chunks * plan.tensorBytes();
        }
        regions++;
    }

    /** Sums over all regions so far. */
    public Counters counters() {
        return counters;
    }

    /** Sum of the regions' ceilings, cycles. */
    public long ceilingCycles() {
        return ceilingCycles;
    }

    /** Compute cycles of all regions, as the engine's formula has them. */
    public long formulaCycles() {
        return formulaCycles;
    }

    /** Bytes of the matrices of all regions, with their scales or indices, each as often as it was streamed. */
    public long weightBytes() {
        return weightBytes;
    }

    /** Regions that have run. */
    public long regions() {
        return regions;
    }
}
