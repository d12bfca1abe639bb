// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import java.util.Map;
import java.util.function.Consumer;

/**
 * How a Verilated model is built and opened.
 *
 * @param trace built with VCD code; costs speed even where nothing is traced
 * @param quick compiled without optimisation: built in a third of the time, for short runs
 * @param progress told once when something has to be built, in words for people
 * @param environment {@code PATH} to find the tools on, {@code XDG_CACHE_HOME} or {@code HOME} to keep models under
 */
public record VerilatorOptions(
        boolean trace, boolean quick, Consumer<String> progress, Map<String, String> environment) {

    /** No trace, optimised, silent. */
    public static VerilatorOptions defaults() {
        return new VerilatorOptions(false, false, text -> {}, System.getenv());
    }

    public VerilatorOptions withTrace(boolean on) {
        return new VerilatorOptions(on, quick, progress, environment);
    }

    public VerilatorOptions withQuickBuild(boolean on) {
        return new VerilatorOptions(trace, on, progress, environment);
    }

    public VerilatorOptions withProgress(Consumer<String> to) {
        return new VerilatorOptions(trace, quick, to, environment);
    }

    public VerilatorOptions withEnvironment(Map<String, String> variables) {
        return new VerilatorOptions(trace, quick, progress, Map.copyOf(variables));
    }
}
