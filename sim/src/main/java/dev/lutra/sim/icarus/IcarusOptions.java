// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How a simulation by Icarus is opened.
 *
 * @param zeroStart registers and memories without initial contents start as zeros, as engines of two states have them, and not
 *     unknown
 * @param patience how long a design may take to settle before it counts as one that never does; zero: for ever
 * @param progress told once when something has to be built, in words for people
 * @param environment {@code PATH} to find the tools on, {@code XDG_CACHE_HOME} or {@code HOME} to keep what is built under
 */
public record IcarusOptions(
        boolean zeroStart, Duration patience, Consumer<String> progress, Map<String, String> environment) {

    /** Unknown at first, a minute to settle, silent. */
    public static IcarusOptions defaults() {
        return new IcarusOptions(false, Duration.ofMinutes(1), text -> {}, System.getenv());
    }

    public IcarusOptions withZeroStart(boolean on) {
        return new IcarusOptions(on, patience, progress, environment);
    }

    public IcarusOptions withPatience(Duration time) {
        return new IcarusOptions(zeroStart, time, progress, environment);
    }

    public IcarusOptions withProgress(Consumer<String> to) {
        return new IcarusOptions(zeroStart, patience, to, environment);
    }

    public IcarusOptions withEnvironment(Map<String, String> variables) {
        return new IcarusOptions(zeroStart, patience, progress, Map.copyOf(variables));
    }
}
