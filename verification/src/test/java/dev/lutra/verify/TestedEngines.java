// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixEngines;
import java.util.List;
import java.util.Set;

/** Engines that normal runs test: all, but of those that differ in a kind of DSP block alone the first. Deep runs test all. */
final class TestedEngines {
    private static final Set<String> SAME_BUT_FOR_BLOCKS = Set.of("dsp48e1", "dsp-mac16", "dsp-portable");

    private TestedEngines() {}

    static List<MatrixEngine> all() {
        boolean deep = Boolean.getBoolean("lutra.deep");
        return MatrixEngines.all().stream()
                .filter(engine -> deep || !SAME_BUT_FOR_BLOCKS.contains(engine.name()))
                .toList();
    }

    static List<String> names() {
        return all().stream().map(MatrixEngine::name).toList();
    }
}
