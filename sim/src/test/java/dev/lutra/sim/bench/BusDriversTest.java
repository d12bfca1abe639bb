// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import static dev.lutra.sim.EngineKind.EMBEDDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.lib.axi.Axi4;
import dev.lutra.hdl.lib.axi.AxiLite;
import dev.lutra.hdl.lib.check.Axi4Checker;
import dev.lutra.hdl.lib.check.AxiLiteChecker;
import dev.lutra.hdl.lib.check.Side;
import dev.lutra.hdl.lib.registers.Access;
import dev.lutra.hdl.lib.registers.AxiLiteSlave;
import dev.lutra.hdl.lib.registers.RegisterFile;
import dev.lutra.hdl.lib.registers.RegisterMap;
import dev.lutra.hdl.lib.registers.RegisterMap.Register;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Masters of buses, with checkers at the bus, against what they talk to. */
@Engines(EMBEDDED)
class BusDriversTest {
    private final EngineKind engine;

    BusDriversTest(EngineKind engine) {
        this.engine = engine;
    }

    /** An interface handed through to the memory of the simulator. */
    static final class Bridge extends Module {
        final Axi4 s_axi = in(new Axi4(16, 64, 2));
        final Axi4 m_axi = out(new Axi4(16, 64, 2));

        Bridge() {
            m_axi.set(s_axi);
            Axi4Checker.watch(s_axi, 64, Side.BOTH);
        }
    }

    @Test
    void burstsReadBackWhatTheyWrote() {
        var design = Circuit.of(Bridge::new);
        try (var sim = engine.open(design)) {
            var memory = sim.attachMemory("m_axi", MemoryConfig.of(1 << 16, 9));
            sim.reset(1);
            sim.step(1);
            var bench = new Bench(sim, 5);
            var master = bench.master(design.top().s_axi).gaps(Gaps.random(1, 3), Gaps.random(1, 2), Gaps.random(3, 4));
            var seen = new ArrayList<Axi4Access>();
            bench.monitor(design.top().m_axi).forEach(seen::add);
            var answers = new ArrayList<Axi4Access>();
            master.forEach(answers::add);
            var random = new SplittableRandom(5);
            Map<Long, long[]> written = new HashMap<>();
            for (int i = 0; i < 60; i++) {
                long[] data = random.longs(1 + random.nextInt(16)).toArray();
                long address = 1024L * i;
                written.put(address, data);
                master.write(address, random.nextInt(4), data);
            }
            bench.runUntil(() -> master.open() == 0, 20_000);
            assertThat(answers).hasSize(60).allMatch(access -> access.write() && access.response() == 0);
            answers.clear();
            written.forEach((address, data) -> master.read(address, random.nextInt(4), data.length));
            bench.runUntil(() -> master.open() == 0, 20_000);
            assertThat(answers).hasSize(60);
            for (Axi4Access read : answers) {
                long[] data = written.get(read.address());
                assertThat(read.beats().stream().mapToLong(beat -> beat.get(0)).toArray())
                        .as("0x%x", read.address())
                        .isEqualTo(data);
                assertThat(memory.contents().getLong((int) read.address())).isEqualTo(data[0]);
            }
            assertThat(seen).hasSize(120);
            assertThat(seen.get(0).beats().get(0).get(1)).as("strobes").isEqualTo(255);
            assertThatThrownBy(() -> master.read(4088, 0, 2)).hasMessageContaining("crosses a boundary of 4 KiB");
            assertThatThrownBy(() -> master.write(4, 0, 1)).hasMessageContaining("at a multiple of the bus's 8 bytes");
        }
    }

    static final class Registers extends Module {
        static final RegisterMap MAP = new RegisterMap(
                "two",
                "Two registers.",
                java.util.List.of(
                        Register.of("A", 0, 32, Access.READ_WRITE, 0, "a word"),
                        Register.of("B", 4, 32, Access.READ_WRITE, 7, "another")));

        final AxiLite s_axi = in(new AxiLite(MAP.offsetBits()));

        Registers() {
            var slave = new AxiLiteSlave(MAP.offsetBits());
            slave.bus.set(s_axi);
            new RegisterFile(MAP).bus.set(slave.registers);
            AxiLiteChecker.watch(s_axi, 4, Side.BOTH);
        }
    }

    @Test
    void registersAnswerInOrder() {
        var design = Circuit.of(Registers::new);
        try (var sim = engine.open(design)) {
            sim.reset(1);
            sim.step(1);
            var bench = new Bench(sim, 6);
            var driver = bench.master(design.top().s_axi).gaps(Gaps.random(1, 2), Gaps.random(1, 3), Gaps.random(1, 2));
            Queue<AxiLiteDriver.Access> reads = new ArrayDeque<>();
            var writes = new ArrayList<Long>();
            driver.forEach(access -> {
                if (access.write()) {
                    writes.add(access.value());
                } else {
                    reads.add(access);
                }
            });
            driver.read(4);
            bench.runUntil(() -> driver.open() == 0, 1000);
            assertThat(reads.remove().value()).isEqualTo(7);
            for (int i = 0; i < 100; i++) {
                driver.write(i % 2 * 4, 0xFFFF0000L + i);
            }
            bench.runUntil(() -> driver.open() == 0, 10_000);
            assertThat(writes).hasSize(100).endsWith(0xFFFF0062L, 0xFFFF0063L);
            driver.read(0);
            driver.read(4);
            bench.runUntil(() -> driver.open() == 0, 1000);
            assertThat(reads.remove().value()).isEqualTo(0xFFFF0062L);
            assertThat(reads.remove().value()).isEqualTo(0xFFFF0063L);
        }
    }
}
