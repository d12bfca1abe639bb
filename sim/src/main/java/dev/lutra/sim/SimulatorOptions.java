// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.sim.icarus.IcarusOptions;
import dev.lutra.sim.verilator.VerilatorOptions;
import java.util.function.Consumer;

/**
 * What an engine of any kind is told when a simulation is opened; it leaves alone what it has no use for.
 *
 * @param trace whether {@link Simulator#trace} will be called: Verilator builds another model for that
 * @param progress told once when something has to be built, in words for people
 */
public record SimulatorOptions(boolean trace, Consumer<String> progress) {

    /** No trace, silent. */
    public static SimulatorOptions defaults() {
        return new SimulatorOptions(false, text -> {});
    }

    public SimulatorOptions withTrace(boolean on) {
        return new SimulatorOptions(on, progress);
    }

    public SimulatorOptions withProgress(Consumer<String> to) {
        return new SimulatorOptions(trace, to);
    }

    IcarusOptions forIcarus() {
        return IcarusOptions.defaults().withZeroStart(true).withProgress(progress);
    }

    VerilatorOptions forVerilator() {
        return VerilatorOptions.defaults().withTrace(trace).withProgress(progress);
    }
}
