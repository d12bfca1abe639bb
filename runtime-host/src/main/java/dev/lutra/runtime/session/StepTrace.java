// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.session;

import dev.lutra.machine.Program;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.linear.RegionRun;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps what the hardware says of the regions of the last step: of one token, or of the prompt. */
public final class StepTrace implements Consumer<RegionRun> {

    private final Device device;
    private final MappedProgram program;
    private final List<TracedRegion> regions = new ArrayList<>();

    /** @param device that runs the regions of {@code program} and has a trace */
    public StepTrace(Device device, MappedProgram program) {
        this.device = device;
        this.program = program;
    }

    @Override
    public void accept(RegionRun run) {
        if (beginsAStep(run)) {
            regions.clear();
        }
        regions.add(TracedRegion.of(program, run, device.trace()));
    }

    private boolean beginsAStep(RegionRun run) {
        Program.Region region = program.program().region(run.region());
        return region.isStep() || run.layer() == 0 && region.entry() == 0;
    }

    /** The regions of the step in the order in which they ran. */
    public List<TracedRegion> regions() {
        return List.copyOf(regions);
    }
}
