// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
import dev.lutra.machine.NmRatio;
import dev.lutra.pe.Tool;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whole products of matrices whose blocks have ratios of their own; cycles against the formula, products per DSP block by the counters. */
@Engines
class DspTileTest {
    private final EngineKind engine;

    DspTileTest(EngineKind engine) {
        this.engine = engine;
    }

    /** B rows of weights, in matrix-vector mode twice as many, and what they are multiplied with. */
    private record Rows(
            boolean matrixVector, List<ChainSlot> slots, List<Boolean> begins, List<Boolean> first, long[][] sums) {}

    @Test
    void mixedBlocks() {
        product(new DspTile.Params(new DspChain.Params(DspForm.DSP48E2, 8, 8, 16), 32), 4, null);
    }

    /** M/N times the throughput of dense: so many products of the dense matrix per DSP block and cycle, minus the fill. */
    @Test
    void throughputOfEveryRatio() {
        assumeTrue(Boolean.getBoolean("lutra.deep"), "a product per form and ratio: runs with -Dlutra.deep=true");
        for (DspForm form : DspForm.values()) {
            var p = new DspTile.Params(new DspChain.Params(form, 8, 16, 16), 32);
            for (var ratio : engine == EngineKind.EMBEDDED ? ChainSlot.ratios(16) : List.of(new NmRatio(2, 4))) {
                product(p, 4, ratio);
            }
            if (engine == EngineKind.EMBEDDED) {
                product(new DspTile.Params(new DspChain.Params(form, 4, 4, 12), 32), 8, null);
            }
        }
    }

    private void product(DspTile.Params p, int groups, NmRatio only) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        var design = Circuit.of(() -> new DspTile(p));
        try (var simulator = Tool.open(engine, design)) {
            DspTile tile = design.top();
            simulator.poke(tile.valid, 0);
            simulator.reset(1);
            long slots = 0;
            long products = 0;
            long cycles = 0;
            List<long[][]> expected = new ArrayList<>();
            List<long[][]> actual = new ArrayList<>();
            for (int g = 0; g < groups; g++) {
                var rows = rows(random, p, 1 + random.nextInt(4), only);
                expected.add(rows.sums());
                for (int i = 0; i < rows.slots().size(); i++) {
                    var slot = rows.slots().get(i);
                    slot.poke(simulator, tile);
                    simulator.poke(tile.valid, 1);
                    simulator.poke(tile.begins, rows.begins().get(i) ? 1 : 0);
                    simulator.poke(tile.first, rows.first().get(i) ? 1 : 0);
                    simulator.poke(tile.last, i == rows.slots().size() - 1 ? 1 : 0);
                    cycle(simulator, tile, actual);
                    slots++;
                    cycles++;
                    products += (long) p.chain().length()
                            * (slot.matrixVector()
                                    ? p.chain().packing().xs()
                                    : p.chain().packing().products());
                    if (only == null && random.nextInt(8) == 0) {
                        simulator.poke(tile.valid, 0);
                        cycle(simulator, tile, actual);
                        cycles++;
                    }
                }
            }
            simulator.poke(tile.valid, 0);
            for (int i = 0; i < 100 && actual.size() < groups; i++) {
                cycle(simulator, tile, actual);
                cycles++;
            }
            String place = p + ", " + only + ", -Dlutra.seed=" + seed;
            assertThat(actual.size()).as(place).isEqualTo(groups);
            for (int g = 0; g < groups; g++) {
                assertThat(actual.get(g)).as(place + ", rows " + g).isDeepEqualTo(expected.get(g));
            }
            assertThat(simulator.peek(tile.slots)).as(place).isEqualTo(slots);
            assertThat(simulator.peek(tile.products)).as(place).isEqualTo(products);
            if (only != null) {
                assertThat(cycles).as(place).isEqualTo(p.cycles(slots) - 1);
                double perBlock = (double) products / p.chain().length() / (cycles - p.latency() + 1);
                assertThat(perBlock).as(place).isCloseTo(p.chain().packing().products(), within(1e-9));
            }
        }
    }

    private static void cycle(Simulator simulator, DspTile tile, List<long[][]> actual) {
        simulator.step(1);
        if (simulator.peek(tile.done) == 1) {
            long[][] sums = new long[tile.sums.size()][];
            for (int row = 0; row < sums.length; row++) {
                sums[row] =
                        tile.sums.get(row).stream().mapToLong(simulator::peek).toArray();
            }
            actual.add(sums);
        }
    }

    /** Rows as slots; the sums are taken over the columns of all of them. */
    private static Rows rows(Random random, DspTile.Params p, int windows, NmRatio only) {
        var chain = p.chain();
        var ratios = ChainSlot.ratios(chain.block());
        boolean matrixVector = random.nextBoolean();
        var slots = new ArrayList<ChainSlot>();
        var begins = new ArrayList<Boolean>();
        var first = new ArrayList<Boolean>();
        long[][] sums = new long[chain.block()][chain.packing().products()];
        for (int w = 0; w < windows; w++) {
            var ratio = only == null ? ratios.get(random.nextInt(ratios.size())) : only;
            byte[][] activations = null;
            for (int t = 0; t < p.slots(ratio); t++) {
                var any = ChainSlot.random(random, chain, ratio, t);
                activations = activations == null ? any.activations() : activations;
                var slot = new ChainSlot(chain, ratio, matrixVector, activations, any.rows(), any.kept());
                slots.add(slot);
                begins.add(t == 0);
                first.add(w == 0);
                for (int s = 0; s < ratio.rows(); s++) {
                    long[] part = slot.expected((s + 1) * p.slots(ratio) - 1);
                    for (int f = 0; f < part.length; f++) sums[t * ratio.rows() + s][f] += part[f];
                }
            }
        }
        return new Rows(matrixVector, slots, begins, first, sums);
    }
}
