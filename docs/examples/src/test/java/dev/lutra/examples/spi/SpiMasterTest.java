// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Engines
class SpiMasterTest {
    private final EngineKind engine;

    SpiMasterTest(EngineKind engine) {
        this.engine = engine;
    }

    private static final int WORDS = 60;

    @ParameterizedTest
    @CsvSource({"8, 1, 1", "8, 2, 3", "2, 1, 2", "13, 5, 1", "32, 3, 4"})
    void wordsAreExchangedInEveryMode(int bits, int divider, int slaves) {
        for (int mode = 0; mode < 4; mode++) {
            exchange(new SpiMaster.Params(bits, divider, mode, slaves));
        }
    }

    private void exchange(SpiMaster.Params p) {
        var random = new Random(p.hashCode());
        var design = Circuit.of(() -> new SpiMaster(p));
        var master = design.top();
        List<Long> answers = new ArrayList<>();
        var slaves = IntStream.range(0, p.slaves())
                .mapToObj(i -> new SpiSlave(p, random, answers))
                .toList();

        List<List<List<Long>>> expected = new ArrayList<>();
        slaves.forEach(slave -> expected.add(new ArrayList<>()));
        List<Long> received = new ArrayList<>();
        int words = 0;
        int slave = -1;
        try (var sim = engine.open(design)) {
            sim.reset(1);
            boolean offers = false;
            long word = 0;
            int target = 0;
            boolean last = false;
            while (received.size() < WORDS || !sim.peekBool(master.put.ready)) {
                assertThat(sim.cycle()).as(p + ": nothing happens").isLessThan(100L * WORDS * p.bits() * p.divider());
                if (!offers && words < WORDS && random.nextInt(3 * p.divider()) == 0) {
                    offers = true;
                    word = random.nextLong() >>> 64 - p.bits();
                    target = random.nextInt(p.slaves());
                    last = words == WORDS - 1 || random.nextBoolean();
                    sim.poke(master.put.bits.data, word);
                    sim.poke(master.put.bits.slave, target);
                    sim.poke(master.put.bits.last, last);
                }
                sim.poke(master.put.valid, offers);
                long select = sim.peek(master.select_n);
                for (int i = 0; i < p.slaves(); i++) {
                    slaves.get(i)
                            .observe(
                                    sim.cycle(),
                                    (select >> i & 1) == 0,
                                    sim.peekBool(master.sclk),
                                    sim.peekBool(master.mosi));
                    if ((select >> i & 1) == 0) {
                        sim.poke(master.miso, slaves.get(i).miso);
                    }
                }
                if (sim.peekBool(master.valid)) {
                    received.add(sim.peek(master.received));
                }
                if (offers && sim.peekBool(master.put.ready)) {
                    if (slave < 0) {
                        slave = target;
                        expected.get(slave).add(new ArrayList<>());
                    }
                    var selection = expected.get(slave);
                    selection.get(selection.size() - 1).add(word);
                    slave = last ? -1 : slave;
                    offers = false;
                    words++;
                }
                sim.step(1);
            }
        }
        for (int i = 0; i < p.slaves(); i++) {
            assertThat(slaves.get(i).received).as(p + ", slave " + i).isEqualTo(expected.get(i));
        }
        assertThat(received).as(p.toString()).isEqualTo(answers);
    }
}
