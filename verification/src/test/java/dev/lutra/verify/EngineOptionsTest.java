// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.machine.WeightPacking;
import dev.lutra.pe.MatrixEngines;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Engines of random sizes and options in the whole accelerator: one of each in normal runs, forty in deep ones, one in simulators that compile for long. */
@Engines
class EngineOptionsTest {
    private final EngineKind simulator;

    EngineOptionsTest(EngineKind simulator) {
        this.simulator = simulator;
    }

    static Stream<Arguments> machines() {
        List<String> engines = TestedEngines.names();
        int each = Boolean.getBoolean("lutra.deep") ? 40 : 1;
        return IntStream.range(0, each * engines.size())
                .mapToObj(i ->
                        Arguments.of(random(engines.get(i % engines.size()), new Random(i)), i < engines.size()));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void isExactInTheCyclesOfTheFormula(Machine machine, boolean first) {
        assumeTrue(first || simulator == EngineKind.EMBEDDED, "a minute to compile");
        try {
            EngineContract.check(machine, simulator, new Random(machine.fingerprint()));
        } catch (UserException refused) {
            // the one thing that an engine itself refuses of these machines: scales are held no longer than their group
            assertThat(refused).hasMessageContaining("stages to add up, with group scales there are at most 7");
        }
    }

    private static Machine random(String kind, Random r) {
        Engine usual = MatrixEngines.named(kind).inPlaceOf(Machine.standard().engine());
        WeightPacking packing = usual.packing();
        while (true) {
            boolean triples = packing == WeightPacking.TRIPLES;
            boolean chains = packing == WeightPacking.CHAINS;
            boolean scaled = !chains && r.nextInt(3) > 0;
            int n = 4 << r.nextInt(3);
            int m = 1 << r.nextInt(2);
            int maxBits = triples ? 2 : 2 + r.nextInt(7);
            var engine = new Engine(
                    kind,
                    m,
                    n,
                    triples ? 3 : 2 + r.nextInt(5),
                    1 + r.nextInt(6),
                    maxBits,
                    scaled,
                    24 + r.nextInt(9),
                    34 + r.nextInt(15),
                    packing,
                    packing == WeightPacking.DIGITS && !kind.equals("mac-int8")
                            ? 2 + r.nextInt(6)
                            : chains ? maxBits : usual.planes(),
                    packing == WeightPacking.PLANES || packing == WeightPacking.SIGNS || chains
                            ? ActivationType.ofBits(2 + r.nextInt(7))
                            : usual.activations());
            int busBits = 32 << r.nextInt(2);
            try {
                return new Machine(
                        engine,
                        new Bus(Bus.Kind.AXI4, busBits, 32, 16, 4),
                        new Buffers(4096, scaled || chains ? 256 : 0, 2048, 1024, 4096),
                        2,
                        true);
            } catch (UserException tooNarrowAWord) {
                // another one
            }
        }
    }
}
