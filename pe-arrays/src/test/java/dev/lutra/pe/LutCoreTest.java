// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The hardware against the functional model and the direct sum. */
@Engines
class LutCoreTest {
    private static final boolean DEEP = Boolean.getBoolean("lutra.deep");

    private final EngineKind engine;

    LutCoreTest(EngineKind engine) {
        this.engine = engine;
    }

    static Stream<LutCore.Params> shapes() {
        return Stream.of(
                new LutCore.Params(1, 16, 4, 4, true, 32, 48), // default machine
                new LutCore.Params(1, 8, 4, 1, false, 24, 32), // small machine
                new LutCore.Params(1, 4, 4, 1, true, 24, 40),
                new LutCore.Params(2, 4, 4, 2, true, 24, 32),
                new LutCore.Params(3, 5, 2, 3, true, 26, 40),
                new LutCore.Params(4, 4, 3, 2, false, 20, 20),
                new LutCore.Params(2, 4, 6, 1, true, 22, 30),
                new LutCore.Params(1, 4, 5, 2, false, 18, 18),
                new LutCore.Params(1, 1, 2, 1, true, 18, 24));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void equalsTheModel(LutCore.Params p) {
        int runs = engine == EngineKind.ICARUS ? 3 : 10;
        LutCoreBench.randomProducts(p, engine, DEEP ? 20 * runs : runs);
    }

    /** Back to back, an issuer needs exactly the cycles of the formula, and the core keeps up with it. */
    @Test
    void takesTheCyclesOfTheFormula() {
        var p = new LutCore.Params(1, 4, 4, 2, true, 32, 48);
        var design = Circuit.of(() -> new LutCore(p));
        try (var simulator = Tool.open(engine, design)) {
            var bench = new LutCoreBench(p, design.top(), simulator);
            for (int bits = 1; bits <= 8; bits++) {
                for (int groupSteps : new int[] {0, 1, 2, 3, 8}) {
                    var code = WeightCode.signed(bits);
                    var product = Product.random(new Random(bits), code, 1, 12, 11 * 8 - 3, groupSteps * 8, 0);
                    var slots = new Slots(p, new Random(0), 0);
                    slots.add(product, groupSteps == 0 ? 11 : groupSteps);
                    assertThat(slots.cycles()).hasSize((int) LutCoreCycles.product(bits, 11, groupSteps, 3));
                    bench.check(slots);
                }
            }
        }
    }

    @Test
    void refusesShapesThatCannotBe() {
        assertThatThrownBy(() -> new LutCore.Params(1, 4, 7, 1, true, 32, 48)).hasMessageContaining("2..6, not 7");
        assertThatThrownBy(() -> new LutCore.Params(0, 4, 4, 1, true, 32, 48)).hasMessageContaining("0 rows");
        assertThatThrownBy(() -> new LutCore.Params(1, 4, 4, 4, true, 12, 48)).hasMessageContaining("13 <= inner");
        assertThatThrownBy(() -> new LutCore.Params(1, 4, 4, 4, true, 32, 31)).hasMessageContaining("inner <= outer");
    }
}
