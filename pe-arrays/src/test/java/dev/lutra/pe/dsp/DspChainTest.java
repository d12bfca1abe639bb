// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
import dev.lutra.machine.NmRatio;
import dev.lutra.pe.Tool;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Chains of all forms against dot products in plain Java: every N:M, mixed from slot to slot, random and extreme operands. */
@Engines
class DspChainTest {
    private final EngineKind engine;

    DspChainTest(EngineKind engine) {
        this.engine = engine;
    }

    /** All ratios of 16, in a chain that is too long for its fields. */
    @Test
    void everyRatioMixed() {
        run(new DspChain.Params(DspForm.DSP48E2, 8, 16, 16), 70);
    }

    /** Fields that change by as much between two looks as they may, many times. */
    @Test
    void longGroups() {
        run(new DspChain.Params(DspForm.DSP48E2, 8, 1, 24), 40);
        run(new DspChain.Params(DspForm.DSP48E2, 4, 1, 24), 40);
    }

    @Test
    void fourProductsOfInt4() {
        run(new DspChain.Params(DspForm.DSP48E2, 4, 4, 8), 40);
    }

    @Test
    void otherForms() {
        run(new DspChain.Params(DspForm.PORTABLE, 8, 8, 8), 40);
        run(new DspChain.Params(DspForm.DSP48E1, 8, 4, 12), 40);
        run(new DspChain.Params(DspForm.SB_MAC16, 8, 4, 8), 40);
    }

    @Test
    void manyLengthsOfEveryForm() {
        assumeTrue(Boolean.getBoolean("lutra.deep"), "many chains: runs with -Dlutra.deep=true");
        assumeTrue(
                engine == EngineKind.EMBEDDED, "too many builds; the other engines have the chains of the normal run");
        for (DspForm form : DspForm.values()) {
            for (int bits : new int[] {8, 4}) {
                for (int length : new int[] {1, 2, 3, 7, 8, 9, 16, 33, 64}) {
                    run(new DspChain.Params(form, bits, 1, length), 30);
                }
                for (int block = 2; block <= 16; block *= 2) {
                    run(new DspChain.Params(form, bits, block, block), 40);
                    run(new DspChain.Params(form, bits, block, 5 * block), 40);
                }
            }
        }
    }

    @Test
    void refusesShapes() {
        assertThatThrownBy(() -> new DspChain.Params(DspForm.DSP48E2, 8, 16, 24))
                .hasMessageContaining("24 DSP blocks in blocks of 16");
        assertThatThrownBy(() -> new DspChain.Params(DspForm.DSP48E2, 4, 16, 256))
                .hasMessageContaining("at most 255");
        assertThatThrownBy(() -> new NmRatio(3, 4)).hasMessageContaining("3:4");
    }

    private void run(DspChain.Params p, int slots) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        var design = Circuit.of(() -> new DspChain(p));
        try (var simulator = Tool.open(engine, design)) {
            DspChain chain = design.top();
            simulator.poke(chain.valid, 0);
            simulator.reset(1);
            var ratios = ChainSlot.ratios(p.block());
            List<ChainSlot> sent = new ArrayList<>();
            long last = 0;
            for (int t = 0; t < slots + p.latency(p.block() - 1) + 3; t++) {
                boolean idle = t >= slots || t > 20 && random.nextInt(5) == 0;
                var ratio = t < ratios.size() ? ratios.get(t) : ratios.get(random.nextInt(ratios.size()));
                var slot = ChainSlot.random(random, p, ratio, t);
                sent.add(idle ? null : slot);
                slot.poke(simulator, chain);
                simulator.poke(chain.valid, idle ? 0 : 1);
                simulator.step(1);
                for (int lane = 0; lane < p.block(); lane++) {
                    int from = t + 1 - p.latency(lane);
                    ChainSlot slotOfLane = from < 0 ? null : sent.get(from);
                    boolean ends = slotOfLane != null && p.ends(slotOfLane.ratio(), lane);
                    String place = "%s, lane %d, slot %d, -Dlutra.seed=%d".formatted(p, lane, from, seed);
                    assertThat(simulator.peek(chain.valids.get(lane))).as(place).isEqualTo(ends ? 1 : 0);
                    if (ends) {
                        last = t + 1;
                        long[] expected = slotOfLane.expected(lane);
                        for (int i = 0; i < expected.length; i++) {
                            assertThat(simulator.peek(chain.results.get(lane).get(i)))
                                    .as(place + ", %s, product %d", slotOfLane.ratio(), i)
                                    .isEqualTo(expected[i]);
                        }
                    }
                }
            }
            long there = sent.stream().filter(java.util.Objects::nonNull).count();
            assertThat(simulator.peek(chain.slots)).isEqualTo(there);
            int lastSlot = slots - 1;
            while (sent.get(lastSlot) == null) lastSlot--;
            assertThat(last).as("cycles").isEqualTo(p.cycles(lastSlot));
        }
    }
}
