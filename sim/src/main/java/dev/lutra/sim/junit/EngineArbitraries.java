// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.junit;

import dev.lutra.sim.EngineKind;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/** Gives jqwik properties the engines of the run that can run here; found by jqwik through the class path. */
public final class EngineArbitraries implements ArbitraryProvider {

    @Override
    public boolean canProvideFor(TypeUsage type) {
        return type.isOfType(EngineKind.class);
    }

    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage type, SubtypeProvider subtypes) {
        List<EngineKind> engines = ChosenEngines.of(
                        type.findAnnotation(Engines.class).orElse(null))
                .stream()
                .filter(engine -> engine.missing().isEmpty())
                .toList();
        return engines.isEmpty() ? Set.of() : Set.of(Arbitraries.of(engines));
    }

    /** Before jqwik's own for any enumeration. */
    @Override
    public int priority() {
        return 1;
    }
}
