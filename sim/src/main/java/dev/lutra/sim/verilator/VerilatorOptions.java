// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import java.util.Map;
import java.util.function.Consumer;

/**
 * How a Verilated model is built and opened.
 *
 * @param trace built with VCD code; costs speed even where nothing is traced
 * @param longRun compiled for runs of more than a minute: the build takes longer
 * @param progress told once when something has to be built, in words for people
 * @param environment {@code PATH} to find the tools on, {@code XDG_CACHE_HOME} or {@code HOME} to keep models under
 */
public record VerilatorOptions(
        boolean trace, boolean longRun, Consumer<String> progress, Map<String, String> environment) {

    /** No trace, quick build, silent. */
    public static VerilatorOptions defaults() {
        return new VerilatorOptions(false, false, text -> {}, System.getenv());
    }

    public VerilatorOptions withTrace(boolean on) {
        return new VerilatorOptions(on, longRun, progress, environment);
    }

    public VerilatorOptions withLongRun(boolean on) {
        return new VerilatorOptions(trace, on, progress, environment);
    }

    public VerilatorOptions withProgress(Consumer<String> to) {
        return new VerilatorOptions(trace, longRun, to, environment);
    }

    public VerilatorOptions withEnvironment(Map<String, String> variables) {
        return new VerilatorOptions(trace, longRun, progress, Map.copyOf(variables));
    }
}
