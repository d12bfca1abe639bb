// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.junit;

import dev.lutra.sim.EngineKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which engines a test runs on: what it declares, or what the run chooses. */
final class ChosenEngines {
    private ChosenEngines() {}

    /** The engines of a test in this run. */
    static Set<EngineKind> of(@Nullable Engines declared) {
        return of(declared, System.getProperty("lutra.engines"), Boolean.getBoolean("lutra.deep"));
    }

    /**
     * @param chosen names of engines, or {@code all}; null or empty where the run chooses none
     * @param deep whether the run takes all engines
     */
    static Set<EngineKind> of(@Nullable Engines declared, @Nullable String chosen, boolean deep) {
        Set<EngineKind> engines = EnumSet.noneOf(EngineKind.class);
        if (chosen != null && !chosen.isBlank()) {
            engines.addAll(parse(chosen));
        } else if (deep) {
            engines.addAll(List.of(EngineKind.values()));
        } else if (declared == null) {
            engines.add(EngineKind.EMBEDDED);
        } else {
            engines.addAll(List.of(declared.value()));
        }
        if (declared != null) {
            List.of(declared.except()).forEach(engines::remove);
        }
        return engines;
    }

    private static List<EngineKind> parse(String chosen) {
        var engines = new ArrayList<EngineKind>();
        for (String name : chosen.split(",", -1)) {
            if (name.isBlank()) {
                continue;
            }
            if (name.strip().equals("all")) {
                return List.of(EngineKind.values());
            }
            engines.add(engine(name.strip()));
        }
        return engines;
    }

    private static EngineKind engine(String name) {
        for (EngineKind engine : EngineKind.values()) {
            if (engine.toString().equals(name)) {
                return engine;
            }
        }
        throw new IllegalArgumentException("-Dlutra.engines: there is no engine \"" + name + "\"; engines are "
                + List.of(EngineKind.values()) + ", or all");
    }
}
